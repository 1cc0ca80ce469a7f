using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Daemons;

/// <summary>What is measured under a line of containerd: ours beside the reference that came with it.</summary>
internal sealed record DaemonContest(string Line, Role Reference, Metric Run, Metric RunAlone, Metric LoadWall, Metric LoadCpu)
{
    internal static readonly IReadOnlyList<DaemonContest> All =
    [
        new(DaemonLine.New, Role.NewReference, Metric.NewRun, Metric.RuntimeNewRun, Metric.NewLoadWall, Metric.NewLoadCpu),
        new(DaemonLine.Old, Role.OldReference, Metric.OldRun, Metric.RuntimeOldRun, Metric.OldLoadWall, Metric.OldLoadCpu),
    ];

    /// <summary>A reference takes part where it is at home.</summary>
    internal bool HasRoomFor(Contender contender) => contender.Role is Role.Ours or Role.Other || contender.Role == Reference;
}
