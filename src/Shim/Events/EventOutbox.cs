using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Events;

/// <summary>
/// Events on their way to the daemon, delivered one after the other in the order in which they happened, each until it is
/// acknowledged or can never be. A daemon that is away is asked again with growing pauses, and at once when it shows itself.
/// </summary>
internal sealed class EventOutbox(IEventSink sink, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly EventQueue _queue = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _hurried;
    private TaskCompletionSource? _arrived;
    private TaskCompletionSource? _drained;

    /// <summary>What is not acknowledged yet, oldest first.</summary>
    public IReadOnlyList<PendingEvent> Pending => _queue.Events;

    /// <summary>What the daemon has been sent and has not answered.</summary>
    public PendingEvent? UnderWay { get; private set; }

    /// <summary>How many events were dropped because the queue was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>How many events the daemon refused for good.</summary>
    public long Refused { get; private set; }

    /// <summary>Whether something waits that the daemon has not been sent.</summary>
    public bool HasUnsent => _queue.Events.Count > (UnderWay is null ? 0 : 1);

    /// <summary>What is queued, or under way, has changed.</summary>
    public event Action? Changed;

    /// <summary>The daemon has acknowledged an event.</summary>
    public event Action<PendingEvent>? Delivered;

    /// <summary>The daemon could not be reached, or did not answer.</summary>
    public event Action? Failed;

    /// <summary>Queues an event; never waits.</summary>
    public void Publish(string topic, string typeUrl, IMessage message) =>
        Add(new PendingEvent(time.GetUtcNow(), topic, typeUrl, message.ToByteString()));

    /// <summary>Queues an event that was made earlier, by this process or the one it follows.</summary>
    public void Add(PendingEvent pending)
    {
        foreach (PendingEvent dropped in _queue.Add(pending))
        {
            Dropped++;
            logger.EventDropped(dropped.Topic);
        }

        _arrived?.TrySetResult();
        Changed?.Invoke();
    }

    /// <summary>The daemon is there: what waits for it is tried now and not after the pause.</summary>
    public void Hurry() => _hurried?.TrySetResult();

    /// <summary>A daemon has shown itself: whoever is waited for in vain is not waited for any more.</summary>
    public void Renew()
    {
        sink.Renew();
        Hurry();
    }

    /// <summary>Whether the exit of a process is queued or under way.</summary>
    public bool Holds(ExitSubject exit) => UnderWay?.Exit == exit || _queue.Holds(exit);

    /// <summary>Takes back what is queued of a process's exit. What is under way may arrive nevertheless, but is not sent again.</summary>
    /// <returns>How many were taken back.</returns>
    public int Withdraw(ExitSubject exit)
    {
        int withdrawn = _queue.RemoveAll(pending => pending.Exit == exit);
        Changed?.Invoke();
        return withdrawn;
    }

    /// <summary>Delivers until <see cref="StopAsync"/>.</summary>
    public async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_queue.First is PendingEvent next)
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
        if (_queue.First is not null)
        {
            _drained = new TaskCompletionSource();
            Hurry();
            await Task.WhenAny(_drained.Task, Task.Delay(limit, time));
        }

        foreach (PendingEvent lost in _queue.Events)
        {
            logger.EventLost(lost.Topic);
        }

        _stop.Cancel();
        _arrived?.TrySetResult();
        Hurry();
    }

    private async Task DeliverAsync(PendingEvent next)
    {
        TimeSpan pause = FirstPause;
        bool reported = false;
        while (!_stop.IsCancellationRequested && _queue.Contains(next) && await TryForwardAsync(next) is RpcException failure)
        {
            if (!reported)
            {
                logger.EventDelayed(next.Topic, failure.Message);
                reported = true;
            }

            Failed?.Invoke();
            // A daemon connects to its shims a moment before it serves events, so one that has shown itself is asked often again.
            bool hurried = await PauseAsync(pause);
            pause = hurried ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        // The delay is left to run out: one that is cancelled ends on the thread pool, and would start it.
        TaskCompletionSource hurried = _hurried = new TaskCompletionSource();
        await Task.WhenAny(Task.Delay(pause, time), hurried.Task);
        _hurried = null;
        return hurried.Task.IsCompleted;
    }

    private async Task<RpcException?> TryForwardAsync(PendingEvent pending)
    {
        UnderWay = pending;
        try
        {
            await sink.ForwardAsync(pending, _stop.Token);
            UnderWay = null;
            _queue.Remove(pending);
            Delivered?.Invoke(pending);
            return null;
        }
        catch (RpcException e) when (e.Code is RpcCode.InvalidArgument or RpcCode.Unimplemented or RpcCode.PermissionDenied)
        {
            // A refusal that another attempt cannot change.
            Refused++;
            logger.EventRefused(pending.Topic, e.Message);
            _queue.Remove(pending);
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Cut by the end, it is not delivered.
            return null;
        }
        finally
        {
            UnderWay = null;
            Changed?.Invoke();
        }
    }
}
