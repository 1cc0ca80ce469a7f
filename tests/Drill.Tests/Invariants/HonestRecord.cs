using ShimStack.Drill.Record;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Tests.Invariants;

/// <summary>
/// What a drill would have seen of a daemon that does everything right: one container that runs, one that has ended by itself, one that was
/// killed, and an exec,
/// across one outage. Every invariant holds; breakers start from here.
/// </summary>
internal sealed class HonestRecord
{
    public const int Code = 7;
    private const long Second = 1_000_000_000;

    private static readonly DateTimeOffset Midnight = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    public HonestRecord()
    {
        Record.Daemon.AddRange([new(At(0), DaemonState.Up), new(At(4), DaemonState.Down), new(At(5), DaemonState.Up)]);
        Record.Outages.Add(new Outage(At(4), At(5.2)));
        Running = Add("runs", "runs", 100);
        Ended = Add("ends", "ends", 101);
        Killed = Add("killed", "killed", 102);
        Exec = Add("exec", "runs", 103);
        End(Ended, 6, Code, isNoted: true);
        End(Exec, 6.5, Code, isNoted: true);
        Killed.ToldToEnd = At(7);
        Killed.Codes.Add(137);
        Killed.KernelCode = 137;
        End(Killed, 7, 137, isNoted: false);
    }

    public DrillRecord Record { get; } = new(TimeProvider.System);

    public Subject Running { get; }

    public Subject Ended { get; }

    public Subject Killed { get; }

    public Subject Exec { get; }

    public static Moment At(double seconds) => new((long)(seconds * Second), Midnight.AddSeconds(seconds));

    /// <summary>
    /// Lets <paramref name="lines"/> lines arrive, as a worker writes them, but for what <paramref name="damage"/> does to the bytes.
    /// </summary>
    public static void Write(StreamRecord stream, string name, int lines, Func<byte[], byte[]>? damage = null)
    {
        StreamCheck check = new(stream, name, 1);
        byte[] bytes = [.. Enumerable.Range(0, lines)
            .SelectMany(number => WorkerLine.Make(name, 1, number, 1_000_000 + (number * 10_000)))];
        check.Take(damage?.Invoke(bytes) ?? bytes);
    }

    private Subject Add(string name, string container, int pid)
    {
        Subject subject = new(new WorkOrder(name, Code), container)
        {
            Pid = pid,
            StartTime = 5000,
            Started = At(1),
            Starts = 1,
            Life = Life.Running,
            Sighted = new Sighting(At(8), 5000, container == name ? pid : null, container == name ? "Running" : ""),
        };
        subject.Written[0] = 20;
        Write(subject.Output, name, 20);
        subject.Waits.Add(new WaitRecord("early", At(1)));
        Record.Subjects.Add(subject);
        return subject;
    }

    private static void End(Subject subject, double seconds, int code, bool isNoted)
    {
        Moment at = At(seconds);
        DateTimeOffset told = at.Wall.AddMilliseconds(3);
        subject.Life = Life.Ending;
        subject.Ended = At(seconds + 0.001);
        subject.Noted = isNoted ? new NotedEnd(code, at.Wall) : null;
        subject.Sighted = new Sighting(At(8), 0, subject.Pid, "Stopped");
        subject.Waits.Add(new WaitRecord("late", At(seconds + 0.1)));
        subject.Waits.ForEach(wait => wait.Answers.Add(new ExitReport(At(seconds + 0.2), code, told)));
        subject.Events.AddRange(
            [new ExitReport(At(seconds + 0.2), code, told, subject.Pid), new ExitReport(At(seconds + 2), code, told, subject.Pid)]);
        subject.Output.HasEnded = subject.Errors.HasEnded = true;
    }
}
