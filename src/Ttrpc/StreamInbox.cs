namespace ShimStack.Ttrpc;

/// <summary>
/// The messages of one direction of a stream that wait to be read: one adds, one takes, and what waits is bounded. It ends once, well
/// or with an error; what came before the end is still read.
/// </summary>
/// <param name="limit">How many bytes may wait, bookkeeping included; one message is always taken.</param>
internal sealed class StreamInbox(int limit)
{
    /// <summary>What a waiting message costs beside its bytes, so that empty messages are bounded too.</summary>
    private const int Overhead = 64;

    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _messages = [];
    private long _waiting;
    private bool _ended;
    private Exception? _error;
    private TaskCompletionSource? _changed;

    /// <summary>No more can be added.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>Why it ended; null if it has not, or ended well.</summary>
    public Exception? Error
    {
        get
        {
            lock (_gate)
            {
                return _error;
            }
        }
    }

    /// <summary>Adds a message, and waits before while too much is there. Dropped if the stream has ended.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        while (TryAdd(message) is TaskCompletionSource change)
        {
            await Change.WaitAsync(change, cancellation);
        }
    }

    /// <summary>Adds the first message, for which there is always room.</summary>
    public void AddFirst(ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            Add(message);
        }
    }

    /// <summary>Adds the last message of a stream, whatever waits already, and ends it well.</summary>
    public void AddLast(ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                Add(message);
            }
        }
        Close(null);
    }

    /// <summary>The next message; null at the end.</summary>
    /// <exception cref="RpcException">The stream ended with this error.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; no message was taken.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> TakeAsync(CancellationToken cancellation)
    {
        ReadOnlyMemory<byte>? message;
        while (TryTake(out message) is TaskCompletionSource change)
        {
            await Change.WaitAsync(change, cancellation);
        }
        return message;
    }

    /// <summary>Ends the stream; only the first end counts.</summary>
    public void Close(Exception? error)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _ended = true;
                _error = error;
            }
        }
        Changed();
    }

    /// <returns>Null if it is done, or what to wait for before the next try.</returns>
    private TaskCompletionSource? TryAdd(ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            if (!_ended && _messages.Count > 0 && _waiting + message.Length + Overhead > limit)
            {
                return Change.Next(ref _changed);
            }
            if (!_ended)
            {
                Add(message);
            }
        }
        Changed();
        return null;
    }

    private void Add(ReadOnlyMemory<byte> message)
    {
        _messages.Enqueue(message);
        _waiting += message.Length + Overhead;
    }

    /// <returns>Null if it is done, or what to wait for before the next try.</returns>
    private TaskCompletionSource? TryTake(out ReadOnlyMemory<byte>? message)
    {
        message = null;
        lock (_gate)
        {
            if (_messages.TryDequeue(out ReadOnlyMemory<byte> first))
            {
                message = first;
                _waiting -= first.Length + Overhead;
            }
            else if (_error is not null)
            {
                throw _error;
            }
            else if (!_ended)
            {
                return Change.Next(ref _changed);
            }
        }
        Changed();
        return null;
    }

    private void Changed()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            waiting = _changed;
            _changed = null;
        }
        waiting?.TrySetResult();
    }
}
