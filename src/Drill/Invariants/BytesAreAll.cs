using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>A worker counts the lines that it got rid of, in a file that it shares with the drill.</summary>
public sealed class BytesAreAll : IInvariant
{
    public string Name => "bytes-all";

    public string Sentence => "Every line that a process got rid of arrives, and then the end of the stream.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects.Where(static subject => subject is { Started: not null, IsOrphan: false }))
        {
            foreach ((StreamRecord stream, long written) in (ReadOnlySpan<(StreamRecord, long)>)[(subject.Output, subject.Written[0]),
                (subject.Errors, subject.Written[1])])
            {
                if (stream.Fault is null && stream.Lines < written)
                {
                    return [new Finding(subject.Name, $"all lines of {stream.Name} arrive", Of(stream.Lines, written), CanHeal: true)];
                }

                if (subject is { Ended: not null, Order.LogsToFile: false } && !stream.HasEnded)
                {
                    return [new Finding(subject.Name, $"{stream.Name} ends with its process", "it has no end", CanHeal: true)];
                }
            }
        }

        return [];
    }

    private static string Of(long came, long written) => string.Create(CultureInfo.InvariantCulture, $"{came} came of {written}");
}
