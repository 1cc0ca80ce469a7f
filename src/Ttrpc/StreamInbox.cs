namespace ShimStack.Ttrpc;

/// <summary>
/// The messages of one direction of a stream that wait to be read: one adds, one takes, and what waits is bounded. It ends once, well or with an error;
/// what came before the end is still read.
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
        while (!TryAdd(message, out Task changed))
        {
            await changed.WaitAsync(cancellation);
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
        while (true)
        {
            if (TryTake(out ReadOnlyMemory<byte>? message, out Task changed))
            {
                return message;
            }
            await changed.WaitAsync(cancellation);
        }
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

    private bool TryAdd(ReadOnlyMemory<byte> message, out Task changed)
    {
        lock (_gate)
        {
            if (!_ended && _messages.Count > 0 && _waiting + message.Length + Overhead > limit)
            {
                changed = NextChange();
                return false;
            }
            if (!_ended)
            {
                Add(message);
            }
        }
        Changed();
        changed = Task.CompletedTask;
        return true;
    }

    private void Add(ReadOnlyMemory<byte> message)
    {
        _messages.Enqueue(message);
        _waiting += message.Length + Overhead;
    }

    private bool TryTake(out ReadOnlyMemory<byte>? message, out Task changed)
    {
        message = null;
        changed = Task.CompletedTask;
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
                changed = NextChange();
                return false;
            }
        }
        Changed();
        return true;
    }

    private Task NextChange()
    {
        _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _changed.Task;
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
