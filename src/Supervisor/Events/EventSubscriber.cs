using System.Threading.Channels;
using Grpc.Core;
using ShimStack.Supervisor.Filters;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Events;

/// <summary>
/// One stream of events: what its filter takes waits here until it is written. The journal never waits for a subscriber; one for which too
/// much waits is cut off, and its memory is free again.
/// </summary>
internal sealed class EventSubscriber(Filter filter, int capacity)
{
    private const int MaxUnflushed = 64;

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);
    private static readonly WriteOptions Flushed = new();

    private readonly Channel<StoredEvent> _queue = Channel.CreateBounded<StoredEvent>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<StoredEvent> _unseen = [];
    private List<StoredEvent> _owed = [];
    private int _unflushed;
    private bool _hasEnded;

    /// <summary>The subscription is in its place, before everything that is offered; these exits come first.</summary>
    public void Begin(List<StoredEvent> owed) => _owed = owed.FindAll(Takes);

    /// <summary>Takes an event if the filter does. Called in the order of the journal; never waits.</summary>
    /// <returns>True, once: too much waits, the stream ends.</returns>
    public bool Offer(StoredEvent stored) => Takes(stored) && !_queue.Writer.TryWrite(stored) && _cutOff.TrySetResult();

    /// <summary>Writes what it takes, until the caller goes.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="seen">Is told of each exit that has been written, and that nobody had seen.</param>
    /// <param name="cancellation">The caller has gone.</param>
    /// <exception cref="RpcException">ResourceExhausted: it was cut off.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async Task WriteAsync(IServerStreamWriter<StoredEvent> stream, Action<StoredEvent> seen, CancellationToken cancellation)
    {
        // A write waits as long as the caller does not read, and cannot be taken back: so it is left behind. What it has to send is in its place by
        // then, and no other begins: what ends the stream comes behind it.
        Task writing = WriteAllAsync(stream, seen, cancellation);
        if (await Task.WhenAny(writing, _cutOff.Task) == writing)
        {
            await writing;
        }

        lock (_gate)
        {
            _hasEnded = true;
        }

        throw RpcException.ResourceExhausted($"subscriber is too slow: {capacity} events wait for it, which is the most; subscribe again");
    }

    private async Task WriteAllAsync(IServerStreamWriter<StoredEvent> stream, Action<StoredEvent> seen, CancellationToken cancellation)
    {
        for (int i = 0; i < _owed.Count; i++)
        {
            await WriteAsync(stream, _owed[i], i + 1 < _owed.Count, seen, cancellation);
        }

        _owed = [];
        while (await _queue.Reader.WaitToReadAsync(cancellation))
        {
            while (_queue.Reader.TryRead(out StoredEvent? stored))
            {
                await WriteAsync(stream, stored, _queue.Reader.TryPeek(out _), seen, cancellation);
            }
        }
    }

    private async Task WriteAsync(
        IServerStreamWriter<StoredEvent> stream, StoredEvent stored, bool more, Action<StoredEvent> seen, CancellationToken cancellation)
    {
        bool flush = !more || ++_unflushed >= MaxUnflushed;
        Task written;
        lock (_gate)
        {
            if (_hasEnded)
            {
                throw new OperationCanceledException("the stream has ended");
            }

            stream.WriteOptions = flush ? Flushed : Buffered;
            written = stream.WriteAsync(stored, cancellation);
        }

        await written;
        if (stored.IsOwed)
        {
            _unseen.Add(stored);
        }

        if (flush)
        {
            _unflushed = 0;
            _unseen.ForEach(seen);
            _unseen.Clear();
        }
    }

    private bool Takes(StoredEvent stored) => filter.TakesAll || filter.Matches(stored.Fields);
}
