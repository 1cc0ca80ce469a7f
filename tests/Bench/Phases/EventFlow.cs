namespace ShimStack.Bench.Phases;

/// <summary>
/// So many events from sources to sinks, as fast as it goes. Sources wait while a sink is far behind: no daemon has to keep much, and none cuts
/// a subscriber off.
/// </summary>
internal sealed class EventFlow(int events, EventSink[] sinks)
{
    private const int LanesEach = 16;
    private const long FarBehind = 4000;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(1);

    private readonly long[] _before = [.. sinks.Select(sink => sink.Received)];
    private long _sent;

    /// <summary>Returns when every sink has all of them.</summary>
    internal async Task RunAsync(IReadOnlyList<EventSource> sources, CancellationToken cancellation)
    {
        await Task.WhenAll(sources.SelectMany(source => Enumerable.Range(0, LanesEach).Select(_ => SendAsync(source, cancellation))));
        while (Slowest() < events)
        {
            await Task.Delay(LookAgain, cancellation);
        }
    }

    private async Task SendAsync(EventSource source, CancellationToken cancellation)
    {
        ContainerLives lives = new(); // of its own: the exit of a container is not to overtake its creation
        for (long number = Interlocked.Increment(ref _sent); number <= events; number = Interlocked.Increment(ref _sent))
        {
            while (number - Slowest() > FarBehind)
            {
                await Task.Delay(LookAgain, cancellation);
            }

            await source.ForwardAsync(lives.Next(), cancellation);
        }
    }

    private long Slowest()
    {
        long slowest = long.MaxValue;
        for (int i = 0; i < sinks.Length; i++)
        {
            slowest = Math.Min(slowest, sinks[i].Received - _before[i]);
            if (sinks[i].Reading.IsCompleted)
            {
                throw new InvalidOperationException("the daemon has ended a stream", sinks[i].Reading.Exception);
            }
        }

        return slowest;
    }
}
