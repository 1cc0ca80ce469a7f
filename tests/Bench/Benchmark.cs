using ShimStack.Bench.Measuring;
using ShimStack.Bench.Phases;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench;

/// <summary>Takes all measurements. In every phase the shims take turns, so that what disturbs the machine disturbs them alike.</summary>
internal sealed class Benchmark(BenchOptions options, DaemonSide daemon)
{
    private const int WarmUpLives = 2;

    private readonly Samples[] _contenders = [.. options.Shims.Select(shim => new Samples(shim.Name))];

    internal IReadOnlyList<Samples> Contenders => _contenders;

    internal Samples Runtime { get; } = new("runc alone");

    internal async Task RunAsync(CancellationToken cancellation)
    {
        for (int i = 0; i < options.Shims.Count; i++)
        {
            _contenders[i].Add(Metric.BinarySize, options.Shims[i].BinarySize / 1_000_000.0);
        }

        var life = new LifePhase(daemon);
        var alone = new RuntimeAlonePhase(daemon);
        await WarmUpAsync(life, alone, cancellation);
        await TakeTurnsAsync("life", options.Rounds, life.RunAsync, () => alone.RunAsync(Runtime, cancellation), cancellation);
        await TakeTurnsAsync("footprint", options.FootprintRounds, new FootprintPhase(daemon).RunAsync, null, cancellation);
        var throughput = new ThroughputPhase(daemon, options.ThroughputMebibytes);
        await TakeTurnsAsync("throughput", options.ThroughputRounds, throughput.RunAsync, null, cancellation);
    }

    // Every other round the other way round, so that nobody is always first after the same neighbour.
    private IEnumerable<int> Order(int round)
    {
        IEnumerable<int> order = Enumerable.Range(0, options.Shims.Count);
        return round % 2 == 1 ? order : order.Reverse();
    }

    // The first lives compile the driver and fill the page cache; their numbers are thrown away.
    private async Task WarmUpAsync(LifePhase life, RuntimeAlonePhase alone, CancellationToken cancellation)
    {
        // Pages of a binary that was just built are dirty until they are written, and would count as the shim's own.
        await new Command("sync", []).RunAsync(cancellation);
        var thrownAway = new Samples("warm-up");
        foreach (ShimUnderTest shim in Enumerable.Repeat(options.Shims, WarmUpLives).SelectMany(shims => shims))
        {
            await Console.Error.WriteLineAsync($"warm-up {shim.Name}");
            await life.RunAsync(shim, thrownAway, cancellation);
            await alone.RunAsync(thrownAway, cancellation);
        }
    }

    private async Task TakeTurnsAsync(
        string phase, int rounds, Func<ShimUnderTest, Samples, CancellationToken, Task> turn, Func<Task>? between, CancellationToken cancellation)
    {
        for (int round = 1; round <= rounds; round++)
        {
            await Console.Error.WriteLineAsync($"{phase} {round}/{rounds}");
            foreach (int i in Order(round))
            {
                await turn(options.Shims[i], _contenders[i], cancellation);
            }

            await (between?.Invoke() ?? Task.CompletedTask);
        }
    }
}
