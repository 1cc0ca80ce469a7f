namespace ShimStack.Bench.Measuring;

/// <summary>Something that is measured.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Decimals">How many the table shows.</param>
internal sealed record Metric(string Name, string Unit, int Decimals = 1)
{
    internal static readonly Metric BinarySize = new("binary size", "MB", 2);

    internal static readonly Metric StartAction = new("start action", "ms");
    internal static readonly Metric Create = new("Create", "ms");
    internal static readonly Metric Start = new("Start", "ms");
    internal static readonly Metric Exec = new("Exec", "ms", 2);
    internal static readonly Metric ExecStart = new("exec Start", "ms");
    internal static readonly Metric KillToExit = new("Kill -> exit event", "ms");
    internal static readonly Metric Delete = new("Delete", "ms");
    internal static readonly Metric Whole = new("whole life", "ms");
    internal static readonly Metric DeleteAction = new("delete action", "ms");

    internal static readonly Metric Rss = new("idle RSS", "MB", 2);
    internal static readonly Metric RssAnon = new("idle RssAnon", "MB", 2);
    internal static readonly Metric Pss = new("idle PSS", "MB", 2);
    internal static readonly Metric PrivateDirty = new("idle private dirty", "MB", 2);
    internal static readonly Metric Threads = new("idle threads", "", 0);

    internal static readonly Metric Throughput = new("stdout", "MiB/s", 0);
    internal static readonly Metric ThroughputCpu = new("stdout, shim CPU", "s/GiB", 2);

    internal static readonly Metric RuntimeCreate = new("runc create", "ms");
    internal static readonly Metric RuntimeStart = new("runc start", "ms");
    internal static readonly Metric RuntimeExec = new("runc exec --detach", "ms");
    internal static readonly Metric RuntimeDelete = new("runc delete", "ms");
}
