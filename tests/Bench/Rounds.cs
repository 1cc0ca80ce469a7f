namespace ShimStack.Bench;

/// <summary>How often: all of it in some ten minutes on two quiet cores; with --quick in one or two.</summary>
internal sealed record Rounds
{
    internal static readonly Rounds Usual = new();

    internal static readonly Rounds Quick = new()
    {
        WarmUp = 1,
        Life = 4,
        Footprint = 1,
        Pod = 1,
        Execs = 50,
        FleetShims = 20,
        Throughput = 1,
        Lines = 1,
        Echo = 1,
        EchoKeys = 300,
        Run = 3,
        Load = 1,
        LoadBatch = 16,
        DaemonStarts = 2,
        DaemonRuns = 3,
        DaemonTasks = 16,
        EventTurns = 2,
        Events = 10_000,
    };

    internal int WarmUp { get; private init; } = 2;

    internal int Life { get; private init; } = 40;

    internal int Footprint { get; private init; } = 4;

    internal int Pod { get; private init; } = 2;

    internal int Execs { get; private init; } = 1000;

    internal int FleetShims { get; private init; } = 100;

    internal int Throughput { get; private init; } = 6;

    /// <summary>Output of one container in the throughput phase.</summary>
    internal int ThroughputMebibytes { get; private init; } = 512;

    internal int Lines { get; private init; } = 3;

    internal int Echo { get; private init; } = 3;

    internal int EchoKeys { get; private init; } = 1500;

    internal int Run { get; private init; } = 25;

    /// <summary>Batches of <see cref="LoadBatch"/>: 200 in all.</summary>
    internal int Load { get; private init; } = 4;

    internal int LoadBatch { get; private init; } = 50;

    internal int DaemonStarts { get; private init; } = 21;

    internal int DaemonRuns { get; private init; } = 40;

    /// <summary>Containers that are there when the daemon is killed.</summary>
    internal int DaemonTasks { get; private init; } = 200;

    internal int EventTurns { get; private init; } = 9;

    internal int Events { get; private init; } = 40_000;
}
