namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>The rules of a walk. A step is possible where its outcome is known beforehand: that is what makes it a check.</summary>
internal static class StepRules
{
    private const int MaxPause = 3000;

    public static IReadOnlyList<StepRule> All { get; } =
    [
        Of(StepKind.Create, 14, static model => Up(model) && model.NextContainer() is string name ? [name] : []),
        Of(StepKind.CreateWithDyingRuntime, 2, static model => Up(model) && model.NextContainer() is string name ? [name] : [],
            static (random, _, _) => random.Next(WalkLimits.RuntimeSteps.Count)),
        Of(StepKind.CreateWithDyingDaemon, 2, static model => Up(model) && model.NextContainer() is string name ? [name] : [],
            static (random, _, _) => random.Next(WalkLimits.RuntimeSteps.Count)),
        Of(StepKind.Start, 30, static model => Up(model) ? Names(model, static (container, process) =>
            process.Life == Life.Created && !container.IsPaused && (process.IsInit || container.Runs)) : []),
        Of(StepKind.AddExec, 20, static model => Up(model) ? model.Containers
            .Where(static container => container.Runs && !container.IsPaused && container.Execs.Count < WalkLimits.Execs).Select(model.NextExec) : []),
        Of(StepKind.ExecBurst, 3, Executing, static (random, _, _) => random.Next(WalkLimits.Burst) + 1),
        Of(StepKind.ExecBurstWithDyingDaemon, 1, Executing, static (random, _, _) => random.Next(WalkLimits.Burst) + 1),
        Of(StepKind.WrongCall, 6, static model => Up(model) ? Names(model, static (_, process) => process.IsInit || process.Life != Life.Created) : []),
        Of(StepKind.Write, 40, static model => Names(model, static (_, process) => CanBeTold(process) && process.Unread < WalkLimits.UnreadLines / 2),
            static (random, _, _) => WalkLimits.Lines[random.Next(WalkLimits.Lines.Count)]),
        Of(StepKind.Exit, 5, static model => Names(model, static (_, process) => CanBeTold(process)), static (random, _, _) => random.Next(64)),
        Of(StepKind.Kill, 5, static model => Up(model) ? Names(model, static (_, process) => CanBeKilled(process)) : [], Signal),
        Of(StepKind.KillFromOutside, 2, static model => Names(model, static (container, process) => CanBeKilled(process) && !container.IsPaused),
            static (_, _, _) => WalkLimits.SIGKILL),
        Of(StepKind.Pause, 6, static model => Up(model) ? Inits(model, static container => container.Runs && !container.IsPaused) : []),
        Of(StepKind.Resume, 14, static model => Up(model) ? Inits(model, static container => container.IsPaused) : []),
        Of(StepKind.ReaderLeaves, 6, static model => Names(model, static (_, process) => CanLoseReader(process))),
        Of(StepKind.ReaderStops, 5, static model => Names(model, static (_, process) => CanLoseReader(process))),
        Of(StepKind.ReaderSlows, 4, static model => Names(model, static (_, process) => CanLoseReader(process))),
        Of(StepKind.ReaderReturns, 12, static model => Names(model, static (_, process) => process.Reader != Reader.Reads)),
        Of(StepKind.Delete, 10, static model => Up(model) ? Names(model, CanBeDeleted) : []),
        Of(StepKind.KillDaemon, 4, static model => Up(model) ? [""] : [],
            static (random, _, _) => random.Next(4) == 0 ? WalkLimits.SIGTERM : WalkLimits.SIGKILL),
        Of(StepKind.StartDaemon, 30, static model => model.Daemon == DaemonState.Dead ? [""] : []),
        Of(StepKind.FreezeDaemon, 3, static model => Up(model) ? [""] : []),
        Of(StepKind.ThawDaemon, 25, static model => model.Daemon == DaemonState.Frozen ? [""] : []),
        Of(StepKind.Pass, 2, static _ => [""], static (random, _, _) => random.Next(MaxPause)),
    ];

    private static StepRule Of(StepKind kind, int weight, Func<WalkModel, IEnumerable<string>> subjects, Func<Random, WalkModel, string, int>? number = null) =>
        new(kind, weight, subjects, number ?? (static (_, _, _) => 0));

    private static bool Up(WalkModel model) => model.Daemon == DaemonState.Up;

    private static bool CanBeTold(ProcessModel process) => process is { Life: Life.Running, IsEnding: false };

    // A created exec is no process yet; what is on its way out may meet one more signal and no two.
    private static bool CanBeKilled(ProcessModel process) =>
        !process.IsEnding && (process.Life == Life.Running || (process.IsInit && process.Life == Life.Created));

    private static bool CanLoseReader(ProcessModel process) => process is { Reader: Reader.Reads, IsEnding: false, Life: not Life.Ended };

    // Not while somebody will still want its output.
    private static bool CanBeDeleted(ContainerModel container, ProcessModel process) => process.Reader == Reader.Reads
        && (process.IsInit ? process.Life != Life.Running && container.Execs.Count == 0 : process.Life == Life.Ended || !container.Runs);

    private static int Signal(Random random, WalkModel model, string name) =>
        model.Process(name).Life == Life.Created || random.Next(2) == 0 ? WalkLimits.SIGKILL : WalkLimits.Signals[random.Next(WalkLimits.Signals.Count)];

    private static IEnumerable<string> Executing(WalkModel model) =>
        Up(model) ? Inits(model, static container => container.Runs && !container.IsPaused) : [];

    private static IEnumerable<string> Inits(WalkModel model, Func<ContainerModel, bool> fits) =>
        model.Containers.Where(fits).Select(static container => container.Init.Name);

    private static IEnumerable<string> Names(WalkModel model, Func<ContainerModel, ProcessModel, bool> fits) =>
        model.Processes.Where(process => fits(model.ContainerOf(process), process)).Select(static process => process.Name);
}
