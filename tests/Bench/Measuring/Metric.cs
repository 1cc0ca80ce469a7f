namespace ShimStack.Bench.Measuring;

/// <summary>Something that is measured. The order here is the order of the reports.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Decimals">How many the table shows.</param>
internal sealed record Metric(string Name, string Unit, int Decimals = 1)
{
    internal static readonly Metric BinarySize = new("binary", "MB", 2);
    internal static readonly Metric Rss = new("RSS, after 10 execs", "MB", 2);
    internal static readonly Metric RssAnon = new("RssAnon, after 10 execs", "MB", 2);
    internal static readonly Metric Pss = new("PSS, after 10 execs", "MB", 2);
    internal static readonly Metric PrivateDirty = new("private dirty, after 10 execs", "MB", 2);
    internal static readonly Metric Threads = new("threads", "", 0);
    internal static readonly Metric RssAnonAfterExecs = new("RssAnon, after 1,000 execs", "MB", 2);
    internal static readonly Metric FurtherContainer = new("RssAnon of a further container of a pod", "KB", 0);
    internal static readonly Metric FleetPss = new("PSS, 100 shims at once, each", "MB", 2);
    internal static readonly Metric FleetPrivateDirty = new("private dirty, 100 shims at once, each", "MB", 2);
    internal static readonly Metric WakeUps = new("wake-ups of an idle shim, told from 15 s", "/min", 1);

    internal static readonly Metric StartAction = new("start action", "ms");
    internal static readonly Metric StartWhole = new("start action + Create + Start", "ms");
    internal static readonly Metric Create = new("Create", "ms");
    internal static readonly Metric CreateAdded = new("Create less runc create alone", "ms");
    internal static readonly Metric Start = new("Start", "ms");
    internal static readonly Metric Exec = new("Exec", "ms", 2);
    internal static readonly Metric ExecStart = new("exec Start", "ms");
    internal static readonly Metric ExecStartAdded = new("exec Start less runc exec alone", "ms");
    internal static readonly Metric KillToExit = new("Kill to exit event", "ms");
    internal static readonly Metric Delete = new("Delete", "ms");
    internal static readonly Metric Whole = new("whole life", "ms");
    internal static readonly Metric DeleteAction = new("delete action", "ms");

    internal static readonly Metric Throughput = new("stdout", "MiB/s", 0);
    internal static readonly Metric ThroughputShare = new("stdout, share of a bare FIFO", "", 2);
    internal static readonly Metric ThroughputCpu = new("stdout, CPU of the shim", "s/GiB", 2);
    internal static readonly Metric FastLineCpu = new("lines of 80 bytes at full speed, CPU", "µs/line", 2);
    internal static readonly Metric SlowLineCpu = new("lines of 80 bytes, 2,000 a second, CPU", "µs/line", 2);
    internal static readonly Metric EchoMedian = new("terminal echo, p50", "µs", 0);
    internal static readonly Metric EchoTail = new("terminal echo, p99", "µs", 0);

    internal static readonly Metric NewRun = new("ctr run -d, containerd 2.x", "ms");
    internal static readonly Metric NewRunAdded = new("ctr run -d less runc alone, containerd 2.x", "ms");
    internal static readonly Metric OldRun = new("ctr run -d, containerd 1.6", "ms");
    internal static readonly Metric OldRunAdded = new("ctr run -d less runc alone, containerd 1.6", "ms");
    internal static readonly Metric NewLoadWall = new("200 containers, 8 at a time, 2.x: time each", "ms");
    internal static readonly Metric NewLoadCpu = new("200 containers, 8 at a time, 2.x: shim CPU each", "ms");
    internal static readonly Metric OldLoadWall = new("200 containers, 8 at a time, 1.6: time each", "ms");
    internal static readonly Metric OldLoadCpu = new("200 containers, 8 at a time, 1.6: shim CPU each", "ms");

    internal static readonly Metric DaemonStartCold = new("daemon: start to the first answer, new root", "ms");
    internal static readonly Metric DaemonStartWarm = new("daemon: start to the first answer", "ms");
    internal static readonly Metric DaemonRss = new("daemon: RSS, idle", "MB", 2);
    internal static readonly Metric DaemonRssAnon = new("daemon: RssAnon, idle", "MB", 2);
    internal static readonly Metric DaemonRun = new("daemon: ctr run -d with our shim", "ms");
    internal static readonly Metric DaemonRunOwnShims = new("daemon: ctr run -d, each with its own shim", "ms");
    internal static readonly Metric DaemonFullRss = new("daemon: RSS, with 200 tasks", "MB", 2);
    internal static readonly Metric DaemonFullRssAnon = new("daemon: RssAnon, with 200 tasks", "MB", 2);
    internal static readonly Metric DaemonFill = new("daemon: 200 containers with our shim, 8 at a time, each", "ms");
    internal static readonly Metric DaemonRecovery = new("daemon: SIGKILL to 200 tasks listed and waited for", "ms", 0);
    internal static readonly Metric ForwardMedian = new("daemon: Forward of an event, p50", "µs", 0);
    internal static readonly Metric ForwardTail = new("daemon: Forward of an event, p99", "µs", 0);
    internal static readonly Metric ForwardTailAdded = new("daemon: Forward less one that is refused, p99", "µs", 0);
    internal static readonly Metric EventsToOne = new("daemon: events to 1 subscriber", "/s", 0);
    internal static readonly Metric EventsToTen = new("daemon: events to each of 10 subscribers", "/s", 0);
    internal static readonly Metric EventCpuToOne = new("daemon: CPU of an event to 1 subscriber", "µs", 1);
    internal static readonly Metric EventCpuToTen = new("daemon: CPU of an event to 10 subscribers", "µs", 1);

    internal static readonly Metric RuntimeCreate = new("runc create", "ms");
    internal static readonly Metric RuntimeStart = new("runc start", "ms");
    internal static readonly Metric RuntimeExec = new("runc exec --detach", "ms");
    internal static readonly Metric RuntimeDelete = new("runc delete", "ms");
    internal static readonly Metric RuntimeNewRun = new("runc create + start, as under containerd 2.x", "ms");
    internal static readonly Metric RuntimeOldRun = new("runc create + start, as under containerd 1.6", "ms");
    internal static readonly Metric BareFifo = new("bare FIFO, no shim", "MiB/s", 0);

    /// <summary>What is measured of a shim, in the order of the reports.</summary>
    internal static readonly IReadOnlyList<Metric> OfShims =
    [
        BinarySize, Rss, RssAnon, Pss, PrivateDirty, Threads, RssAnonAfterExecs, FurtherContainer, FleetPss, FleetPrivateDirty, WakeUps,
        StartAction, StartWhole, Create, CreateAdded, Start, Exec, ExecStart, ExecStartAdded, KillToExit, Delete, Whole, DeleteAction,
        Throughput, ThroughputShare, ThroughputCpu, FastLineCpu, SlowLineCpu, EchoMedian, EchoTail,
        NewRun, NewRunAdded, OldRun, OldRunAdded, NewLoadWall, NewLoadCpu, OldLoadWall, OldLoadCpu,
        DaemonStartCold, DaemonStartWarm, DaemonRss, DaemonRssAnon, DaemonRun, DaemonRunOwnShims, DaemonFullRss, DaemonFullRssAnon, DaemonFill, DaemonRecovery,
        ForwardMedian, ForwardTail, ForwardTailAdded, EventsToOne, EventsToTen, EventCpuToOne, EventCpuToTen,
    ];
}
