using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Phases;

/// <summary>`ctr run -d`, the same ctr under both daemons, which stay up meanwhile.</summary>
internal sealed class DaemonRunPhase : IAsyncDisposable
{
    private readonly Dictionary<Contender, DaemonStage> _stages = [];

    private readonly Metric _metric;

    private DaemonRunPhase(Metric metric) => _metric = metric;

    /// <param name="pair">The daemons.</param>
    /// <param name="contenders">The same, with their shims.</param>
    /// <param name="metric">What that is.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<DaemonRunPhase> StartAsync(
        DaemonPair pair, IReadOnlyList<Contender> contenders, Metric metric, CancellationToken cancellation)
    {
        var phase = new DaemonRunPhase(metric);
        try
        {
            foreach (Contender contender in contenders)
            {
                phase._stages.Add(contender, await pair.StartAsync(contender, cancellation));
                await phase.RunAsync(contender with { Samples = new Samples(contender.Name) }, phase._stages[contender], cancellation); // warm
            }

            return phase;
        }
        catch
        {
            await phase.DisposeAsync();
            throw;
        }
    }

    internal Task RunAsync(Contender contender, CancellationToken cancellation) => RunAsync(contender, _stages[contender], cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (DaemonStage stage in _stages.Values)
        {
            await stage.DisposeAsync();
        }
    }

    private Task RunAsync(Contender contender, DaemonStage stage, CancellationToken cancellation) =>
        new RunPhase(stage, _metric, Metric.RuntimeNewRun).RunAsync(contender, cancellation);
}
