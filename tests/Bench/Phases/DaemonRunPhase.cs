using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Phases;

/// <summary>`ctr run -d`, the same ctr and the same shim under both daemons, which stay up meanwhile.</summary>
internal sealed class DaemonRunPhase : IAsyncDisposable
{
    private readonly Dictionary<Contender, DaemonStage> _stages = [];

    private DaemonRunPhase()
    {
    }

    internal static async Task<DaemonRunPhase> StartAsync(DaemonPair pair, CancellationToken cancellation)
    {
        var phase = new DaemonRunPhase();
        try
        {
            foreach (Contender contender in pair.Contenders)
            {
                phase._stages.Add(contender, await pair.StartAsync(contender, cancellation));
                await RunAsync(contender with { Samples = new Samples(contender.Name) }, phase._stages[contender], cancellation); // warm
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

    private static Task RunAsync(Contender contender, DaemonStage stage, CancellationToken cancellation) =>
        new RunPhase(stage, Metric.DaemonRun, Metric.RuntimeNewRun).RunAsync(contender, cancellation);
}
