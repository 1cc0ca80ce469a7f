using System.Diagnostics;
using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Phases;

/// <summary>
/// Events through a daemon: how long until one is acknowledged, and how many a second reach one subscriber, and each of ten.
/// </summary>
internal sealed class EventsPhase(EventsStage stage, int events)
{
    private const double Tail = 0.99;
    private const int Connections = 4;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(1);

    internal async Task RunAsync(Contender contender, CancellationToken cancellation)
    {
        string socket = stage.AddressOf(contender);
        Samples samples = contender.Samples;
        await using (EventSource source = await EventSource.ConnectAsync(socket + ".ttrpc", cancellation))
        {
            ContainerLives lives = new();
            double[] times = await LatencyAsync(() => source.ForwardAsync(lives.Next(), cancellation));
            double[] inVain = await LatencyAsync(() => source.ForwardInVainAsync(cancellation));
            samples.Add(Metric.ForwardMedian, Statistics.Median(times));
            samples.Add(Metric.ForwardTail, Statistics.Percentile(times, Tail));
            samples.Add(Metric.ForwardTailAdded, Statistics.Percentile(times, Tail) - Statistics.Percentile(inVain, Tail));
        }

        await RateAsync(contender, 1, Metric.EventsToOne, Metric.EventCpuToOne, cancellation);
        await RateAsync(contender, 10, Metric.EventsToTen, Metric.EventCpuToTen, cancellation);
    }

    private async Task<double[]> LatencyAsync(Func<Task> send)
    {
        double[] microseconds = new double[Math.Max(1000, events / 10)];
        for (int i = -100; i < microseconds.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await send();
            microseconds[Math.Max(0, i)] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }

        return microseconds;
    }

    private async Task RateAsync(Contender contender, int subscribers, Metric rate, Metric cpu, CancellationToken cancellation)
    {
        string socket = stage.AddressOf(contender);
        EventSink[] sinks = [.. Enumerable.Range(0, subscribers).Select(_ => new EventSink(socket))];
        List<EventSource> sources = [];
        try
        {
            for (int i = 0; i < Connections; i++)
            {
                sources.Add(await EventSource.ConnectAsync(socket + ".ttrpc", cancellation));
            }

            await UntilAllHearAsync(sources[0], sinks, cancellation);
            EventFlow flow = new(events, sinks);
            TimeSpan used = stage.RunningOf(contender).CpuTime;
            long began = Stopwatch.GetTimestamp();
            await flow.RunAsync(sources, cancellation);
            contender.Samples.Add(rate, events / Stopwatch.GetElapsedTime(began).TotalSeconds);
            contender.Samples.Add(cpu, (stage.RunningOf(contender).CpuTime - used).TotalMicroseconds / events);
        }
        finally
        {
            Array.ForEach(sinks, sink => sink.Dispose());
            foreach (EventSource source in sources)
            {
                await source.DisposeAsync();
            }
        }
    }

    // containerd does not say when a subscription is in its place: events are sent until each has had one, and then until no more come.
    private static async Task UntilAllHearAsync(EventSource source, EventSink[] sinks, CancellationToken cancellation)
    {
        ContainerLives lives = new();
        while (sinks.Any(sink => sink.Received == 0))
        {
            await source.ForwardAsync(lives.Next(), cancellation);
            await Task.Delay(LookAgain, cancellation);
        }

        await Task.Delay(100 * LookAgain, cancellation);
    }
}
