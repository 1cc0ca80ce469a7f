using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc;

/// <summary>
/// The calls of one connection: which frames begin one, which are refused, and that each is answered once. A call is open while it is in the table, and
/// whoever takes it out owns the answer.
/// </summary>
internal sealed class ServerCalls(TtrpcServer server, FrameWriter writer, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, ServerCall> _open = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;

    /// <summary>The highest stream id of a request so far.</summary>
    public uint LastStreamId { get; private set; }

    /// <summary>Ends when the table is closed and no handler runs any more.</summary>
    public Task Drained => _drained.Task;

    private int MaxMessageLength => server.Options.MaxMessageLength;

    public IReadOnlyList<OpenCall> ToRecords()
    {
        lock (_gate)
        {
            return Records(_open.Values);
        }
    }

    /// <summary>Does what a frame asks for. Waits only for room in the buffer of a stream.</summary>
    public async ValueTask DispatchAsync(Frame frame, CancellationToken cancellation)
    {
        uint streamId = frame.Header.StreamId;
        if (frame.Header.Type is not (FrameType.Request or FrameType.Data))
        {
            return; // of a later version of the protocol
        }
        if (frame.IsOversized)
        {
            RefuseOversized(frame.Header);
        }
        else if (streamId % 2 == 0)
        {
            Refuse(streamId, RpcException.InvalidArgument("StreamID must be odd for client initiated streams"));
        }
        else if (frame.Header.Type == FrameType.Data)
        {
            await DeliverAsync(frame, cancellation);
        }
        else if (streamId <= LastStreamId)
        {
            Refuse(streamId, RpcException.InvalidArgument("StreamID cannot be re-used and must increment"));
        }
        else
        {
            LastStreamId = streamId;
            Begin(streamId, frame.Payload.ToArray(), frame.Header.Flags);
        }
    }

    /// <summary>Goes on with what was put down.</summary>
    public void Resume(ServerConnectionState state)
    {
        LastStreamId = state.LastStreamId;
        foreach (OpenCall call in state.OpenCalls)
        {
            Begin(call.StreamId, call.Request, FrameFlags.None, call);
        }
    }

    /// <summary>
    /// Takes all calls out: they are records now, and what their handlers still return is dropped. A stream cannot be handed on and is answered
    /// Unavailable, so that its client opens it again.
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

    private static List<OpenCall> Records(IEnumerable<ServerCall> calls) =>
        [.. calls.Where(call => !call.IsStreaming).OrderBy(call => call.StreamId).Select(call => call.ToRecord())];

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

    private void Begin(uint streamId, ReadOnlyMemory<byte> raw, FrameFlags flags, OpenCall? resumed = null)
    {
        try
        {
            Request request = ParseRequest(raw.Span);
            ServerMethod method = server.Find(request.Service, request.Method);
            if (_running >= server.Options.MaxOpenCalls && resumed is null)
            {
                throw RpcException.ResourceExhausted($"too many open calls on this connection: the limit is {server.Options.MaxOpenCalls}");
            }
            DateTimeOffset? deadline = resumed is null
                ? RpcTimeout.ToDeadline(request.TimeoutNano, server.Options.TimeProvider.GetUtcNow())
                : resumed.Deadline;
            ServerCallContext context = new(method, streamId, Metadata.Read(request.Metadata), deadline);
            ServerCall call = new(method, raw, context) { Inbox = OpenInbox(method, flags, request.Payload), Owner = this };
            Run(call, request.Payload);
        }
        catch (RpcException e)
        {
            Refuse(streamId, e);
        }
    }

    private static Request ParseRequest(ReadOnlySpan<byte> raw)
    {
        try
        {
            return Request.Parser.ParseFrom(raw);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(RpcCode.InvalidArgument, $"unmarshal request error: {e.Message}", e);
        }
    }

    private StreamInbox? OpenInbox(ServerMethod method, FrameFlags flags, ByteString payload)
    {
        if (!method.TakesStream)
        {
            return null;
        }
        StreamInbox inbox = new(server.Options.MaxStreamBuffer);
        if (!payload.IsEmpty)
        {
            inbox.AddFirst(payload.Memory); // the request may carry the first message
        }
        if (flags.HasFlag(FrameFlags.RemoteClosed))
        {
            inbox.Close(null);
        }
        return inbox;
    }

    private void Run(ServerCall call, ByteString payload)
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
        call.Watch(server.Options.TimeProvider, Expire);
        _ = RunAsync(call, payload); // it answers with whatever goes wrong; Drained waits for it
    }

    private async Task RunAsync(ServerCall call, ByteString payload)
    {
        byte[] answer;
        try
        {
            ValueTask<IMessage?> pending = call.InvokeAsync(payload);
            payload = ByteString.Empty; // a long call holds its raw request only
            IMessage? message = await pending;
            answer = message is null ? Envelope.DataEnd(call.StreamId) : Envelope.Success(call.StreamId, message, MaxMessageLength);
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

    private void Fail(ServerCall call, RpcException error)
    {
        if (Answer(call, Failure(call.StreamId, error)))
        {
            Cancel(call);
        }
    }

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

    /// <summary>Sends one message of a stream of answers; waits first while much waits to be written.</summary>
    public async ValueTask SendMessageAsync(ServerCall call, IMessage message, CancellationToken cancellation)
    {
        byte[] frame = Envelope.Data(call.StreamId, message, MaxMessageLength);
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

    private async ValueTask DeliverAsync(Frame frame, CancellationToken cancellation)
    {
        ServerCall? call = Find(frame.Header.StreamId);
        if (call is { IsStreaming: true, Inbox: null } && frame.Payload.IsEmpty)
        {
            return; // a half-close of a side that was closed already
        }
        if (call?.Inbox is not StreamInbox inbox || inbox.HasEnded)
        {
            Refuse(frame.Header.StreamId, RpcException.InvalidArgument("StreamID is no longer active"));
            return;
        }
        if (!frame.Header.Flags.HasFlag(FrameFlags.NoData))
        {
            await inbox.AddAsync(frame.Payload.ToArray(), cancellation);
        }
        if (frame.Header.Flags.HasFlag(FrameFlags.RemoteClosed))
        {
            inbox.Close(null);
        }
    }

    private ServerCall? Find(uint streamId)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(streamId);
        }
    }

    private void RefuseOversized(FrameHeader header)
    {
        RpcException error = RpcException.TooLong(header.Length, MaxMessageLength);
        if (header.Type == FrameType.Data && Find(header.StreamId) is ServerCall call)
        {
            Fail(call, error); // a stream with a hole in it is no stream
            return;
        }
        Refuse(header.StreamId, error);
    }

    private void Refuse(uint streamId, RpcException error)
    {
        logger.FrameRefused(streamId, error.Message);
        writer.Send(Failure(streamId, error));
    }

    private byte[] Failure(uint streamId, RpcException error) => Envelope.Failure(streamId, error, MaxMessageLength);
}
