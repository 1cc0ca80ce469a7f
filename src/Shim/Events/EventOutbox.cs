using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Events;

/// <summary>
/// Events on their way to the daemon, delivered one after the other in the order in which they happened, each until it is
/// acknowledged or can never be. A daemon that is away is asked again with growing pauses; meanwhile the queue grows to its
/// bound, and then the oldest are dropped and counted.
/// </summary>
internal sealed class EventOutbox(IEventSink sink, TimeProvider time, ILogger logger)
{
    /// <summary>How many events wait for a daemon at most; a container makes a handful in its life, an exec four.</summary>
    public const int Capacity = 4096;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Queue<PendingEvent> _queue = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _arrived;
    private TaskCompletionSource? _drained;

    /// <summary>What is not acknowledged yet, oldest first.</summary>
    public IReadOnlyCollection<PendingEvent> Pending => _queue;

    /// <summary>How many events were dropped because the queue was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>Queues an event; never waits.</summary>
    public void Publish(string topic, string typeUrl, IMessage message) =>
        Add(new PendingEvent(time.GetUtcNow(), topic, typeUrl, message.ToByteString()));

    /// <summary>Queues an event that was made earlier, by this process or the one it follows.</summary>
    public void Add(PendingEvent pending)
    {
        if (_queue.Count == Capacity)
        {
            Dropped++;
            logger.EventDropped(_queue.Dequeue().Topic);
        }

        _queue.Enqueue(pending);
        _arrived?.TrySetResult();
    }

    /// <summary>Delivers until <see cref="StopAsync"/>.</summary>
    public async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_queue.TryPeek(out PendingEvent? next))
            {
                await DeliverAsync(next);
            }
            else
            {
                TaskCompletionSource arrived = _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _drained?.TrySetResult();
                await arrived.Task;
            }
        }
    }

    /// <summary>Waits until all is delivered, for at most <paramref name="limit"/>, and stops.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        if (_queue.Count > 0)
        {
            _drained = new TaskCompletionSource();
            await Task.WhenAny(_drained.Task, Task.Delay(limit, time));
        }

        foreach (PendingEvent lost in _queue)
        {
            logger.EventLost(lost.Topic);
        }

        _stop.Cancel();
        _arrived?.TrySetResult();
    }

    private async Task DeliverAsync(PendingEvent next)
    {
        TimeSpan pause = FirstPause;
        bool reported = false;
        while (!_stop.IsCancellationRequested && await TryForwardAsync(next) is RpcException failure)
        {
            if (!reported)
            {
                logger.EventDelayed(next.Topic, failure.Message);
                reported = true;
            }

            await Task.WhenAny(Task.Delay(pause, time, _stop.Token));
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        // While the call ran the queue may have been full and have dropped this very event. Cut by the end it is not delivered.
        if (!_stop.IsCancellationRequested && _queue.TryPeek(out PendingEvent? head) && ReferenceEquals(head, next))
        {
            _queue.Dequeue();
        }
    }

    private async Task<RpcException?> TryForwardAsync(PendingEvent pending)
    {
        try
        {
            await sink.ForwardAsync(pending, _stop.Token);
            return null;
        }
        catch (RpcException e) when (e.Code is RpcCode.InvalidArgument or RpcCode.Unimplemented or RpcCode.PermissionDenied)
        {
            // A refusal that another attempt cannot change.
            logger.EventRefused(pending.Topic, e.Message);
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
