using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace ShimStack.Ttrpc;

/// <summary>
/// The calls of one connection, each answered once: a call is open while it is in the table, and whoever takes it out owns the answer.
/// </summary>
internal sealed class ServerCalls(TtrpcServerOptions options, FrameWriter writer, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, ServerCall> _open = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;

    /// <summary>How many handlers run, those that nobody waits for any more included.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>Ends when the table is closed and no handler runs any more.</summary>
    public Task Drained => _drained.Task;

    /// <summary>The unary calls, by stream id.</summary>
    public IReadOnlyList<OpenCall> ToRecords()
    {
        lock (_gate)
        {
            return Records(_open.Values);
        }
    }

    /// <summary>The open call of a stream, if there is one.</summary>
    public ServerCall? Find(uint streamId)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(streamId);
        }
    }

    /// <summary>Opens a call and starts its handler.</summary>
    public void Run(ServerCall call, ByteString payload)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }
            _open.Add(call.StreamId, call);
            _running++;
        }
        call.Watch(options.TimeProvider, Expire);
        _ = RunAsync(call, payload); // it answers with whatever goes wrong; Drained waits for it
    }

    /// <summary>Answers a call with an error and tells its handler, unless it has been answered.</summary>
    public void Fail(ServerCall call, RpcException error)
    {
        if (Answer(call, Failure(call.StreamId, error)))
        {
            Cancel(call);
        }
    }

    /// <summary>Sends one message of a stream of answers; waits first while much waits to be written.</summary>
    public async ValueTask SendMessageAsync(ServerCall call, IMessage message, CancellationToken cancellation)
    {
        byte[] frame = Envelope.Data(call.StreamId, message, options.MaxMessageLength);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, call.Context.Cancellation);
        await writer.WaitForRoomAsync(FrameWriter.RoomLimit, either.Token);
        lock (_gate)
        {
            if (!_open.ContainsKey(call.StreamId))
            {
                throw new OperationCanceledException("the call has ended");
            }
            writer.Enqueue(frame);
        }
        writer.Start();
    }

    /// <summary>
    /// Takes all calls out: they are records now, and what their handlers still return is dropped. A stream cannot be handed on and is
    /// answered Unavailable, so that its client opens it again.
    /// </summary>
    public IReadOnlyList<OpenCall> PutDown()
    {
        List<ServerCall> calls = TakeAll();
        foreach (ServerCall call in calls)
        {
            if (call.IsStreaming)
            {
                writer.Enqueue(Failure(call.StreamId, RpcException.Unavailable("the server is being replaced: open the stream again")));
            }
            Cancel(call);
        }
        return Records(calls);
    }

    /// <summary>The connection is gone: nobody waits for an answer.</summary>
    public void Close()
    {
        foreach (ServerCall call in TakeAll())
        {
            Cancel(call);
        }
    }

    private static List<OpenCall> Records(IEnumerable<ServerCall> calls)
    {
        List<OpenCall> records = [];
        foreach (ServerCall call in calls)
        {
            if (!call.IsStreaming)
            {
                records.Add(call.ToRecord());
            }
        }
        records.Sort(static (one, other) => one.StreamId.CompareTo(other.StreamId));
        return records;
    }

    private List<ServerCall> TakeAll()
    {
        List<ServerCall> calls;
        lock (_gate)
        {
            _closed = true;
            calls = [.. _open.Values];
            _open.Clear();
            if (_running == 0)
            {
                _drained.TrySetResult();
            }
        }
        return calls;
    }

    private async Task RunAsync(ServerCall call, ByteString payload)
    {
        byte[] answer;
        try
        {
            ValueTask<IMessage?> pending = call.InvokeAsync(payload);
            payload = ByteString.Empty; // a long call holds its raw request only
            IMessage? message = await pending;
            answer = message is null ? Envelope.DataEnd(call.StreamId) : Envelope.Success(call.StreamId, message, options.MaxMessageLength);
        }
        catch (Exception e)
        {
            answer = Failure(call.StreamId, Logged(call, e));
        }
        Returned(); // before the answer: whoever reads it may use the place
        Answer(call, answer);
    }

    private void Returned()
    {
        lock (_gate)
        {
            _running--;
            if (_closed && _running == 0)
            {
                _drained.TrySetResult();
            }
        }
    }

    private RpcException Logged(ServerCall call, Exception exception)
    {
        RpcException error = ErrorStatus.Of(exception);
        if (ErrorStatus.IsUnexpected(exception))
        {
            logger.HandlerFailed(exception, call.Context.Service, call.Context.Method);
        }
        else
        {
            logger.CallFailed(call.Context.Service, call.Context.Method, error.Code, error.Message);
        }
        return error;
    }

    private bool Answer(ServerCall call, byte[] answer)
    {
        lock (_gate)
        {
            if (!_open.Remove(call.StreamId))
            {
                return false; // answered before, or handed on
            }
            writer.Enqueue(answer); // inside: either the record is put down or the answer is, never none
        }
        writer.Start();
        call.End();
        return true;
    }

    private void Expire(ServerCall call) => Fail(call, RpcException.DeadlinePassed());

    private void Cancel(ServerCall call)
    {
        try
        {
            call.Cancel();
        }
        catch (AggregateException e)
        {
            logger.CancelFailed(e, call.Context.Service, call.Context.Method); // a callback of the handler; ours go on
        }
    }

    private byte[] Failure(uint streamId, RpcException error) => Envelope.Failure(streamId, error, options.MaxMessageLength);
}
