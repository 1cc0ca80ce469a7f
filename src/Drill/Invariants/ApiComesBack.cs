using System.Globalization;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>How long the API was away is reported; how long after its start the daemon may be silent is bounded.</summary>
public sealed class ApiComesBack : IInvariant
{
    public string Name => "api";

    public string Sentence => "A daemon that was started, or thawed, answers soon, also what runs.";

    public IEnumerable<Finding> Check(DrillRecord record)
    {
        string expected = string.Create(CultureInfo.InvariantCulture, $"it answers within {Tolerance.Away.TotalSeconds:0} s of its start");
        foreach (Outage outage in record.Outages)
        {
            DaemonChange up = record.Daemon
                .LastOrDefault(change => change.State == DaemonState.Up && change.At.Nanoseconds < outage.To.Nanoseconds);
            TimeSpan silence = outage.To.Since(up.At);
            if (up != default && silence > Tolerance.Away && outage.Length > Tolerance.Away)
            {
                yield return new Finding("daemon", expected,
                    string.Create(CultureInfo.InvariantCulture, $"it took {silence.TotalSeconds:0.0} s"), CanHeal: false);
            }
        }

        if (record.UnansweredLists > 0)
        {
            yield return new Finding("daemon", string.Create(CultureInfo.InvariantCulture,
                $"it lists containers within {Tolerance.Away.TotalSeconds:0} s"), "it does not", CanHeal: false);
        }

        if (record.AwaySince is not null && record.DaemonNow == DaemonState.Up)
        {
            yield return new Finding("daemon", expected, "it is still away", CanHeal: true);
        }
    }
}
