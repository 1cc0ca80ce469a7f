using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>Each line carries its number, its time and a checksum of them, so each byte is known by its place.</summary>
public sealed class BytesAreRight : IInvariant
{
    public string Name => "bytes-right";

    public string Sentence => "Every byte of output is the one that was written, at its place.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        foreach (Subject subject in record.Subjects)
        {
            foreach (StreamRecord stream in (StreamRecord[])[subject.Output, subject.Errors])
            {
                if (stream.Fault is string fault)
                {
                    yield return new Finding(subject.Name, $"{stream.Name} has what was written", fault, CanHeal: false);
                }
            }
        }
    }
}
