using Grpc.Core;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Invariants;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Running;

/// <summary>After a step: looks at everything, asks all invariants, and waits for what may still come.</summary>
internal sealed class Settlement(TargetPlaces places, IDaemonApi api, DrillRecord record, Fleet fleet, WaitFeed waits)
{
    // Bytes, events, exits and answers wake it; of /proc and of counters nothing tells.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private const int LastLooks = 5;

    private readonly ViolationLog _violations = new(places, record);

    /// <summary>Returns when every invariant holds, or patience is over; what does not hold then is a violation.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        Moment begin = record.Now();
        HashSet<(string, string, string)>? stays = null;
        int lastLooks = LastLooks;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            Task change = record.NextChange();
            await LookAsync(stop);
            (IInvariant Invariant, Finding Finding)[] findings = record.Read(() => (
                from invariant in InvariantList.All
                from finding in invariant.Check(record)
                where !_violations.IsKnown(invariant, finding)
                select (invariant, finding)).ToArray());
            if (record.Now().Since(begin) > Tolerance.Patience)
            {
                // What is on its way just now is not there at one look, and is at another.
                stays = stays is null ? KeysOf(findings) : [.. stays.Intersect(KeysOf(findings))];
                lastLooks--;
            }

            if (!Array.Exists(findings, static one => one.Finding.CanHeal) || lastLooks == 0)
            {
                foreach ((IInvariant invariant, Finding finding) in findings)
                {
                    if (!finding.CanHeal || stays is null || stays.Contains((invariant.Name, finding.Subject, finding.Expected)))
                    {
                        _violations.Add(invariant, finding);
                    }
                }

                return;
            }

            await Task.WhenAny(change, Task.Delay(LookAgain, stop));
        }
    }

    private static HashSet<(string Invariant, string Subject, string Expected)> KeysOf((IInvariant Invariant, Finding Finding)[] findings) =>
        [.. findings.Select(static one => (one.Invariant.Name, one.Finding.Subject, one.Finding.Expected))];

    private async Task LookAsync(CancellationToken stop)
    {
        IReadOnlyDictionary<string, KnownProcess>? listed = await TryListAsync(stop);
        lock (record.Gate)
        {
            foreach (LiveProcess process in fleet.Processes)
            {
                Subject subject = process.Subject;
                // In this order: a process that is gone has noted its end before.
                subject.Sighted = Sight(subject, listed);
                TruthFiles.Read(places.Truth, subject);
                process.ReadKernelCode();
            }
        }

        foreach (LiveProcess process in fleet.Processes
            .Where(process => listed is not null && record.Read(() => process.Subject.Ended is not null)))
        {
            waits.Ask(process.Subject, WaitFeed.Late);
        }
    }

    private Sighting Sight(Subject subject, IReadOnlyDictionary<string, KnownProcess>? listed)
    {
        ulong start = subject.Pid == 0 ? 0 : ProcessStat.TryRead(subject.Pid) is { State: not 'Z' and not 'X' } stat ? stat.StartTime : 0;
        if (listed is null || !subject.IsInit)
        {
            return new Sighting(record.Now(), start, null, "");
        }

        return listed.TryGetValue(subject.Name, out KnownProcess process)
            ? new Sighting(record.Now(), start, process.Pid, process.Status)
            : new Sighting(record.Now(), start, null, "not listed");
    }

    // null when the daemon is not there to be asked.
    private async Task<IReadOnlyDictionary<string, KnownProcess>?> TryListAsync(CancellationToken stop)
    {
        if (record.Read(() => record.DaemonNow != DaemonState.Up))
        {
            return null;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Tolerance.Away);
        try
        {
            return await api.ListAsync(limit.Token);
        }
        catch (RpcException e) when (!stop.IsCancellationRequested)
        {
            if (limit.IsCancellationRequested || e.StatusCode == StatusCode.DeadlineExceeded)
            {
                Silent();
            }

            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Silent();
            return null;
        }
    }

    // One container must not keep the daemon from telling of the others.
    private void Silent() => record.Change(() => record.UnansweredLists += record.DaemonNow == DaemonState.Up ? 1 : 0);
}
