using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc;

/// <summary>
/// What each frame of a connection leads to: a call begins, a stream gets a message, or the frame is refused on its stream.
/// </summary>
internal sealed class ServerDispatcher(TtrpcServer server, ServerCalls calls, FrameWriter writer, ILogger logger)
{
    private readonly TtrpcServerOptions _options = server.Options;

    /// <summary>The highest stream id of a request so far.</summary>
    public uint LastStreamId { get; private set; }

    /// <summary>Does what a frame asks for. Waits only for room in the buffer of a stream.</summary>
    public ValueTask DispatchAsync(Frame frame, CancellationToken cancellation)
    {
        uint streamId = frame.Header.StreamId;
        if (frame.Header.Type is not (FrameType.Request or FrameType.Data))
        {
            return ValueTask.CompletedTask; // of a later version of the protocol
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
            return DeliverAsync(frame, cancellation);
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
        return ValueTask.CompletedTask;
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

    private void Begin(uint streamId, ReadOnlyMemory<byte> raw, FrameFlags flags, OpenCall? resumed = null)
    {
        try
        {
            Request request = ParseRequest(raw.Span);
            ServerMethod method = server.Find(request.Service, request.Method);
            if (calls.Running >= _options.MaxOpenCalls && resumed is null)
            {
                throw RpcException.ResourceExhausted($"too many open calls on this connection: the limit is {_options.MaxOpenCalls}");
            }
            DateTimeOffset now = _options.TimeProvider.GetUtcNow();
            DateTimeOffset? deadline = resumed is null ? RpcTimeout.ToDeadline(request.TimeoutNano, now) : resumed.Deadline;
            if (deadline <= now)
            {
                throw RpcException.DeadlinePassed();
            }
            ServerCallContext context = new(method, streamId, Metadata.Read(request.Metadata), deadline) { IsResumed = resumed is not null };
            StreamInbox? inbox = OpenInbox(method, flags, request.Payload);
            calls.Run(new ServerCall(method, raw, context) { Inbox = inbox, Owner = calls, Began = now }, request.Payload);
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
        StreamInbox inbox = new(_options.MaxStreamBuffer);
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

    private async ValueTask DeliverAsync(Frame frame, CancellationToken cancellation)
    {
        ServerCall? call = calls.Find(frame.Header.StreamId);
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

    private void RefuseOversized(FrameHeader header)
    {
        RpcException error = RpcException.TooLong(header.Length, _options.MaxMessageLength);
        if (header.Type == FrameType.Data && calls.Find(header.StreamId) is ServerCall call)
        {
            calls.Fail(call, error); // a stream with a hole in it is no stream
            return;
        }
        Refuse(header.StreamId, error);
    }

    private void Refuse(uint streamId, RpcException error)
    {
        logger.FrameRefused(streamId, error.Message);
        writer.Send(Envelope.Failure(streamId, error, _options.MaxMessageLength));
    }
}
