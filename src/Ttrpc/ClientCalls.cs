namespace ShimStack.Ttrpc;

/// <summary>
/// The calls of one client: gives out stream ids in the order in which requests go on the wire, and brings each frame to its call.
/// </summary>
internal sealed class ClientCalls(FrameWriter writer, TtrpcClientOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, ClientCall> _open = [];
    private uint _nextStreamId = 1;
    private bool _isUsedUp;
    private RpcException? _closed;

    /// <summary>No call can succeed any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed is not null;
            }
        }
    }

    /// <summary>Sends a request on a stream of its own.</summary>
    /// <exception cref="RpcException">
    /// Unavailable: the connection is gone. ResourceExhausted: it is too long, or no stream ids are left.
    /// </exception>
    public ClientCall Open(ReadOnlySpan<byte> request, FrameFlags flags)
    {
        if (request.Length > options.MaxMessageLength)
        {
            throw RpcException.TooLong(request.Length, options.MaxMessageLength);
        }
        ClientCall call;
        lock (_gate)
        {
            if (_closed is not null)
            {
                throw _closed;
            }
            call = new ClientCall(TakeStreamId(), options.MaxStreamBuffer, flags != FrameFlags.None);
            _open.Add(call.StreamId, call);
            writer.Enqueue(Envelope.Request(call.StreamId, flags, request)); // inside: ids increase on the wire
        }
        writer.Start();
        return call;
    }

    /// <summary>Nobody waits for this call any more: what still comes for it is dropped.</summary>
    public void Forget(ClientCall call)
    {
        lock (_gate)
        {
            _open.Remove(call.StreamId);
        }
        call.Fail(RpcException.Canceled("the call was given up"));
    }

    /// <summary>Brings a frame to its call. Waits only for room in the buffer of a stream.</summary>
    public async ValueTask DispatchAsync(Frame frame, CancellationToken cancellation)
    {
        if (frame.Header.Type is not (FrameType.Response or FrameType.Data))
        {
            return; // of a later version of the protocol
        }
        if (Find(frame.Header.StreamId) is not ClientCall call)
        {
            options.Logger.AnswerDropped(frame.Header.StreamId);
            return;
        }
        if (frame.IsOversized)
        {
            End(call, RpcException.TooLong(frame.Header.Length, options.MaxMessageLength));
        }
        else if (frame.Header.Type == FrameType.Response)
        {
            call.Complete(frame.Payload.Span);
            End(call, null);
        }
        else if (!await call.AddAsync(frame, cancellation))
        {
            End(call, null);
        }
    }

    /// <summary>The connection is gone: open calls and all to come fail with the error.</summary>
    public void Close(RpcException error)
    {
        List<ClientCall> calls;
        lock (_gate)
        {
            _closed = error;
            calls = [.. _open.Values];
            _open.Clear();
        }
        foreach (ClientCall call in calls)
        {
            call.Fail(error);
        }
    }

    /// <summary>The next ids are given from this one on; for tests.</summary>
    internal void StartAt(uint streamId) => _nextStreamId = streamId;

    private uint TakeStreamId()
    {
        if (_isUsedUp)
        {
            throw RpcException.ResourceExhausted("no stream ids are left on this connection");
        }
        uint id = _nextStreamId;
        _isUsedUp = id == uint.MaxValue;
        _nextStreamId = unchecked(id + 2);
        return id;
    }

    private ClientCall? Find(uint streamId)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(streamId);
        }
    }

    private void End(ClientCall call, RpcException? error)
    {
        lock (_gate)
        {
            _open.Remove(call.StreamId);
        }
        call.Inbox.Close(error);
    }
}
