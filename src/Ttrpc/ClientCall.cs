using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc;

/// <summary>One call that waits for the server.</summary>
/// <param name="streamId">Its stream.</param>
/// <param name="limit">How many bytes may wait to be read.</param>
/// <param name="isStreaming">The server may send data frames.</param>
internal sealed class ClientCall(uint streamId, int limit, bool isStreaming)
{
    private bool _hasData;

    public uint StreamId => streamId;

    /// <summary>What the server has sent, and how it ended.</summary>
    public StreamInbox Inbox { get; } = new(limit);

    /// <summary>Ends the call with an error, unless it has ended.</summary>
    public void Fail(RpcException error) => Inbox.Close(error);

    /// <summary>Takes the answer: it ends the call.</summary>
    public void Complete(ReadOnlySpan<byte> payload)
    {
        Response response;
        try
        {
            response = Response.Parser.ParseFrom(payload);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException e)
        {
            Fail(new RpcException(RpcCode.Internal, $"ttrpc: error unmarshalling response: {e.Message}", e));
            return;
        }
        if (response.Status is { Code: not 0 } status)
        {
            Fail(new RpcException((RpcCode)status.Code, status.Message));
        }
        else if (_hasData && response.Payload.IsEmpty)
        {
            Inbox.Close(null); // after data an empty answer is only the end
        }
        else
        {
            Inbox.AddLast(response.Payload.Memory);
        }
    }

    /// <summary>Takes a frame of the stream.</summary>
    /// <returns>False if it was the last one.</returns>
    public async ValueTask<bool> AddAsync(Frame frame, CancellationToken cancellation)
    {
        if (!isStreaming)
        {
            Fail(RpcException.Internal("ttrpc: the server sent data on a unary stream"));
            return false;
        }
        _hasData = true;
        if (!frame.Header.Flags.HasFlag(FrameFlags.NoData))
        {
            await Inbox.AddAsync(frame.Payload.ToArray(), cancellation);
        }
        if (frame.Header.Flags.HasFlag(FrameFlags.RemoteClosed))
        {
            Inbox.Close(null);
        }
        return !Inbox.HasEnded;
    }
}
