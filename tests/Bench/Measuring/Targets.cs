namespace ShimStack.Bench.Measuring;

/// <summary>What this shim is held to, in the order of the reports.</summary>
internal static class Targets
{
    internal static readonly IReadOnlyList<Target> All =
    [
        new(Metric.BinarySize, 4.5),
        new(Metric.Rss, 0.40, Role.OldReference),
        new(Metric.Rss, 0.28, Role.NewReference),
        new(Metric.RssAnon, 1.2),
        new(Metric.RssAnon, 0.5, Role.OldReference),
        new(Metric.RssAnonAfterExecs, 1.5),
        new(Metric.FurtherContainer, 60),
        new(Metric.FleetPss, 1.3),
        new(Metric.FleetPrivateDirty, 1.3),
        new(Metric.WakeUps, 0),
        new(Metric.StartAction, 0.6, Role.NewReference),
        new(Metric.StartWhole, 0.75, Role.NewReference),
        new(Metric.CreateAdded, 2),
        .. Both(Metric.Start, 1.0),
        new(Metric.ExecStartAdded, 1.5),
        .. Both(Metric.KillToExit, 0.35),
        new(Metric.ThroughputShare, 0.85, AtLeast: true),
        new(Metric.ThroughputCpu, 0.15),
        .. Both(Metric.FastLineCpu, 0.6),
        .. Both(Metric.SlowLineCpu, 0.6),
        .. Both(Metric.EchoTail, 1.0),
        new(Metric.NewRun, 0.92, Role.NewReference),
        new(Metric.NewRunAdded, 0.8, Role.NewReference),
        new(Metric.OldRun, 0.92, Role.OldReference),
        new(Metric.OldRunAdded, 0.8, Role.OldReference),
        new(Metric.NewLoadWall, 0.9, Role.NewReference),
        new(Metric.NewLoadCpu, 0.9, Role.NewReference),
        new(Metric.OldLoadWall, 0.9, Role.OldReference),
        new(Metric.OldLoadCpu, 0.9, Role.OldReference),
        new(Metric.DaemonStartCold, 0.3, Role.NewReference),
        new(Metric.DaemonStartWarm, 0.3, Role.NewReference),
        new(Metric.DaemonRss, 0.6, Role.NewReference),
        new(Metric.DaemonRun, 0.95, Role.NewReference),
        new(Metric.DaemonRunOwnShims, 0.95, Role.NewReference),
        new(Metric.DaemonFullRss, 0.6, Role.NewReference),
        new(Metric.DaemonRecovery, 300),
        new(Metric.DaemonRecovery, 0.5, Role.NewReference),
        new(Metric.ForwardTailAdded, 1000),
        new(Metric.EventsToOne, 1.0, Role.NewReference, AtLeast: true),
        new(Metric.EventsToTen, 1.0, Role.NewReference, AtLeast: true),
    ];

    internal static IEnumerable<Target> Of(Metric metric) => All.Where(target => target.Metric == metric);

    private static Target[] Both(Metric metric, double limit) => [new(metric, limit, Role.OldReference), new(metric, limit, Role.NewReference)];
}
