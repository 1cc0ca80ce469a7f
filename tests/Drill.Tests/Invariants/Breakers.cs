using ShimStack.Drill.Invariants;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Tests.Invariants;

/// <summary>Everything that drills must catch.</summary>
internal static class Breakers
{
    private const int Line = 64;

    public static IReadOnlyList<Breaker> All { get; } =
    [
        Breaker.Of<SameProcess>("a container is gone", honest => honest.Running.Sighted = honest.Running.Sighted! with { StartTime = 0 }),
        Breaker.Of<SameProcess>("another process has its pid", honest => honest.Running.Sighted = honest.Running.Sighted! with { StartTime = 5001 }),
        Breaker.Of<SameProcess>("a start that was cut is done twice", honest => honest.Running.Starts = 2),
        Breaker.Of<DaemonKnows>("the daemon tells another pid", honest => honest.Running.Sighted = honest.Running.Sighted! with { DaemonPid = 99 }),
        Breaker.Of<DaemonKnows>("the daemon has forgotten a container", honest => honest.Running.Sighted = honest.Running.Sighted! with { DaemonPid = null, DaemonStatus = "not listed" }),
        Breaker.Of<DaemonKnows>("a running container is told to have stopped", honest => honest.Running.Sighted = honest.Running.Sighted! with { DaemonStatus = "Stopped" }),
        Breaker.Of<WaitsAreAnswered>("a Wait is never answered", honest => honest.Ended.Waits[0].Answers.Clear()),
        Breaker.Of<WaitsAreAnswered>("a Wait is answered twice", honest => honest.Ended.Waits[0].Answers.Add(honest.Ended.Waits[0].Answers[0])),
        Breaker.Of<WaitsAreAnswered>("a Wait is answered while the process runs", honest => honest.Running.Waits[0].Answers.Add(honest.Ended.Waits[0].Answers[0])),
        Breaker.Of<WaitsAreAnswered>("a later daemon does not know the process", honest =>
        {
            honest.Ended.Waits[1].Answers.Clear();
            honest.Ended.Waits[1].Refusal = "task ends not found";
        }),
        Breaker.Of<ExitsAreAnnounced>("an exit event is dropped", honest => honest.Ended.Events.Clear()),
        Breaker.Of<ExitsAreAnnounced>("the exit event of an exec is dropped", honest => honest.Exec.Events.Clear()),
        Breaker.Of<ExitsAreAnnounced>("the exit events tell another pid", honest =>
        {
            honest.Ended.Events.RemoveAt(1);
            Change(honest.Ended.Events, static report => report with { Pid = 99 });
        }),
        Breaker.Of<CodesAreTrue>("a Wait invents a code", honest => Change(honest.Ended.Waits[0].Answers, static report => report with { Code = 255 })),
        Breaker.Of<CodesAreTrue>("an event invents a code", honest => Change(honest.Ended.Events, static report => report with { Code = 0 })),
        Breaker.Of<CodesAreTrue>("the code of a killed process is not the kernel's", honest => Change(honest.Killed.Events, static report => report with { Code = 9 })),
        Breaker.Of<TimesAreTrue>("the time is that of the next daemon", honest => Change(honest.Ended.Events, static report => report with { ExitedAt = report.ExitedAt!.Value.AddSeconds(3) })),
        Breaker.Of<TimesAreTrue>("the time is before the end", honest => Change(honest.Killed.Events, static report => report with { ExitedAt = report.ExitedAt!.Value.AddSeconds(-2) })),
        Breaker.Of<TimesAreTrue>("no time is told", honest => Change(honest.Ended.Waits[0].Answers, static report => report with { ExitedAt = null })),
        Breaker.Of<TimesAreTrue>("two are told different times", honest => Change(honest.Ended.Waits[0].Answers, static report => report with { ExitedAt = report.ExitedAt!.Value.AddMilliseconds(1) })),
        Breaker.Of<BytesAreRight>("two lines are swapped", honest => Rewrite(honest.Running, static bytes => [.. bytes[Line..(2 * Line)], .. bytes[..Line], .. bytes[(2 * Line)..]])),
        Breaker.Of<BytesAreRight>("one byte is lost", honest => Rewrite(honest.Running, static bytes => [.. bytes[..100], .. bytes[101..]])),
        Breaker.Of<BytesAreRight>("one byte is another", honest => Rewrite(honest.Running, static bytes => [.. bytes[..100], (byte)'x', .. bytes[101..]])),
        Breaker.Of<BytesAreRight>("a line comes twice", honest => Rewrite(honest.Running, static bytes => [.. bytes[..Line], .. bytes])),
        Breaker.Of<BytesAreAll>("the last line does not come", honest => honest.Ended.Output.Lines--),
        Breaker.Of<BytesAreAll>("nothing of stderr comes", honest => honest.Ended.Written[1] = 1),
        Breaker.Of<BytesAreAll>("a stream has no end", honest => honest.Ended.Errors.HasEnded = false),
        Breaker.Of<BytesAreAll>("a daemon that reads output loses a line while it lives", honest =>
        {
            honest.Record.Promises = Promises.All with { HandsOutput = false };
            honest.Running.Output.Holes.Add(new Hole(5, 1, new Gap(HonestRecord.At(20).Nanoseconds, HonestRecord.At(21).Nanoseconds)));
        }),
        Breaker.Of<NobodyIsBlocked>("a container stands still while the daemon is away", honest => honest.Running.Output.Beats.Add(honest.Running.Output.Beats.Last + 3_000_000_000)),
        Breaker.Of<ApiComesBack>("the daemon takes too long to start", honest => honest.Record.Outages[0] = new Outage(HonestRecord.At(4), HonestRecord.At(30))),
        Breaker.Of<ApiComesBack>("the daemon never answers again", honest => honest.Record.AwaySince = HonestRecord.At(5)),
        Breaker.Of<ApiComesBack>("the daemon does not list while a runtime hangs", honest => honest.Record.UnansweredLists = 1),
        Breaker.Of<NothingIsStuck>("a create that was cut cannot be repeated", honest => honest.Running.Stuck = "AlreadyExists"),
        .. ((string[])["process", "shim", "mount", "socket", "cgroup", "descriptor", "bundle", "runtime state", "temporary file"]).Select(static kind =>
            Breaker.Of<NothingIsLeft>($"a {kind} is left", honest => honest.Record.Leaks.Add(new Leak(kind, "one")))),
    ];

    private static void Change(List<ExitReport> reports, Func<ExitReport, ExitReport> lie) => reports[0] = lie(reports[0]);

    // All of its output anew, with the damage.
    private static void Rewrite(Subject subject, Func<byte[], byte[]> damage)
    {
        (subject.Output.Lines, subject.Output.Bytes) = (0, 0);
        HonestRecord.Write(subject.Output, subject.Name, 20, damage);
    }
}
