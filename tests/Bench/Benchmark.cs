using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;
using ShimStack.Bench.Phases;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench;

/// <summary>Takes all measurements. In every phase the shims take turns, so that what disturbs the machine disturbs them alike.</summary>
internal sealed class Benchmark(BenchOptions options, IReadOnlyList<Contender> contenders, DaemonSide daemon)
{
    private const string RunName = "run";
    private const string LoadName = "load";
    private const string EventsName = "events";

    private readonly Rounds _rounds = options.Quick ? Rounds.Quick : Rounds.Usual;

    /// <summary>The runtime, and a FIFO, without any shim.</summary>
    internal Samples Alone { get; } = new("no shim");

    internal async Task RunAsync(CancellationToken cancellation)
    {
        Meter.Install(daemon.SharedRootfs);
        foreach (Contender contender in contenders)
        {
            contender.Samples.Add(Metric.BinarySize, contender.Shim.BinarySize / Bytes.Megabyte);
        }

        await WarmUpAsync(cancellation);
        foreach (PhasePlan plan in WithoutDaemon().Where(plan => options.Wants(plan.Name)))
        {
            await TakeTurnsAsync(plan, cancellation);
        }

        foreach (DaemonContest contest in DaemonContest.All.Where(_ => options.Wants(RunName) || options.Wants(LoadName)))
        {
            await WithDaemonAsync(contest, cancellation);
        }

        if (new[] { BenchOptions.Start, BenchOptions.Runs, BenchOptions.Recovery }.Any(options.WantsOfSupervisor))
        {
            await WithSupervisorAsync(cancellation);
        }

        if (options.Wants(EventsName))
        {
            await WithBothDaemonsAsync(cancellation);
        }

        Derived.Add(contenders.Select(contender => contender.Samples), Alone);
    }

    private PhasePlan[] WithoutDaemon()
    {
        var alone = new RuntimeAlonePhase(daemon);
        var throughput = new ThroughputPhase(daemon, _rounds.ThroughputMebibytes);
        return
        [
            new("life", _rounds.Life, new LifePhase(daemon).RunAsync) { Between = cancellation => alone.RunAsync(Alone, cancellation) },
            new("footprint", _rounds.Footprint, new FootprintPhase(daemon).RunAsync),
            new("execs", 1, new ExecsPhase(daemon, _rounds.Execs).RunAsync),
            new("pod", _rounds.Pod, new PodPhase(daemon).RunAsync),
            new("fleet", 1, new FleetPhase(daemon, _rounds.FleetShims).RunAsync),
            new("throughput", _rounds.Throughput, throughput.RunAsync) { Between = cancellation => throughput.RunBareAsync(Alone, cancellation) },
            new("lines", _rounds.Lines, new LinesPhase(daemon, options.Quick).RunAsync),
            new("echo", _rounds.Echo, new EchoPhase(daemon, _rounds.EchoKeys).RunAsync),
        ];
    }

    private async Task WithDaemonAsync(DaemonContest contest, CancellationToken cancellation)
    {
        if (ShimUnderTest.ReferenceOf(contest.Line) is null)
        {
            await Progress.TellAsync($"containerd {contest.Line} is not there: ./build.sh deps");
            return;
        }

        Contender[] here = [.. contenders.Where(contest.HasRoomFor)];
        await using DaemonStage stage = await DaemonStage.StartAsync(contest.Line, here, cancellation);
        var runs = new RunPhase(stage, contest.Run, contest.RunAlone);
        var loads = new LoadPhase(stage, _rounds.LoadBatch, contest.LoadWall, contest.LoadCpu);
        await runs.PrepareAsync(here[0], cancellation);
        PhasePlan[] plans =
        [
            new(RunName, _rounds.Run, runs.RunAsync) { Contenders = here, Between = token => runs.RunAloneAsync(Alone, token) },
            new(LoadName, _rounds.Load, loads.RunAsync) { Contenders = here },
        ];
        foreach (PhasePlan plan in plans.Where(plan => options.Wants(plan.Name)))
        {
            await TakeTurnsAsync(plan with { Name = $"{plan.Name}, containerd {contest.Line}" }, cancellation);
        }
    }

    private async Task WithSupervisorAsync(CancellationToken cancellation)
    {
        if (DaemonPair.Of(contenders) is not { } pair)
        {
            await Progress.TellAsync("shimstackd was not published, or containerd is not there");
            return;
        }

        if (options.WantsOfSupervisor(BenchOptions.Start))
        {
            await TakeTurnsAsync(OfSupervisor(BenchOptions.Start, _rounds.DaemonStarts, new DaemonStartPhase(pair).RunAsync), cancellation);
        }

        if (options.WantsOfSupervisor(BenchOptions.Runs))
        {
            await RunsAsync(BenchOptions.Runs, pair.Contenders, Metric.DaemonRun);
            await RunsAsync($"{BenchOptions.Runs} with own shims", pair.OwnShims, Metric.DaemonRunOwnShims);
        }

        if (options.WantsOfSupervisor(BenchOptions.Recovery))
        {
            DaemonRecoveryPhase recovery = new(pair, options.Containers ?? _rounds.DaemonTasks, options.Kills);
            await TakeTurnsAsync(OfSupervisor(BenchOptions.Recovery, 1, recovery.RunAsync), cancellation);
        }

        async Task RunsAsync(string part, IReadOnlyList<Contender> pairOfThem, Metric metric)
        {
            await using DaemonRunPhase runs = await DaemonRunPhase.StartAsync(pair, pairOfThem, metric, cancellation);
            await TakeTurnsAsync(OfSupervisor(part, _rounds.DaemonRuns, runs.RunAsync) with { Contenders = pairOfThem }, cancellation);
        }

        PhasePlan OfSupervisor(string part, int rounds, Func<Contender, CancellationToken, Task> turn) =>
            new($"{BenchOptions.Supervisor}, {part}", rounds, turn) { Contenders = pair.Contenders };
    }

    private async Task WithBothDaemonsAsync(CancellationToken cancellation)
    {
        await using EventsStage? stage = EventsStage.Start();
        if (stage is null)
        {
            await Progress.TellAsync("shimstackd was not published, or containerd is not there");
            return;
        }

        PhasePlan plan = new(EventsName, _rounds.EventTurns, new EventsPhase(stage, _rounds.Events).RunAsync)
        {
            Contenders = [.. contenders.Where(EventsStage.HasRoomFor)],
        };
        await TakeTurnsAsync(plan, cancellation);
    }

    // The first lives compile the driver and fill the page cache; their numbers are thrown away.
    private async Task WarmUpAsync(CancellationToken cancellation)
    {
        // Pages of a binary that was just built are dirty until they are written, and would count as the shim's own.
        await new Command("sync", []).RunAsync(cancellation);
        var life = new LifePhase(daemon);
        var alone = new RuntimeAlonePhase(daemon);
        for (int i = 0; i < _rounds.WarmUp; i++)
        {
            foreach (Contender contender in contenders)
            {
                await Progress.TellAsync($"warm-up {contender.Name}");
                await life.RunAsync(contender with { Samples = new Samples("warm-up") }, cancellation);
                await alone.RunAsync(new Samples("warm-up"), cancellation);
            }
        }
    }

    private async Task TakeTurnsAsync(PhasePlan plan, CancellationToken cancellation)
    {
        for (int round = 1; round <= plan.Rounds; round++)
        {
            await Progress.TellAsync($"{plan.Name} {round}/{plan.Rounds}");
            foreach (Contender contender in Order(plan.Contenders ?? contenders, round))
            {
                await plan.Turn(contender, cancellation);
            }

            await (plan.Between?.Invoke(cancellation) ?? Task.CompletedTask);
        }
    }

    // Every other round the other way round, so that nobody is always first after the same neighbour.
    private static IEnumerable<Contender> Order(IReadOnlyList<Contender> all, int round) => round % 2 == 1 ? all : all.Reverse();
}
