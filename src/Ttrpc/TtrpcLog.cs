using Microsoft.Extensions.Logging;

namespace ShimStack.Ttrpc;

internal static partial class TtrpcLog
{
    [LoggerMessage(LogLevel.Debug, "a connection was lost")]
    public static partial void ConnectionLost(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "a connection failed and is closed")]
    public static partial void ConnectionFailed(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Debug, "{Service}/{Method} answers {Code}: {Text}")]
    public static partial void CallFailed(this ILogger logger, string service, string method, RpcCode code, string text);

    [LoggerMessage(LogLevel.Error, "{Service}/{Method} failed in an unexpected way")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception, string service, string method);

    [LoggerMessage(LogLevel.Error, "a callback of the cancelled call {Service}/{Method} failed")]
    public static partial void CancelFailed(this ILogger logger, Exception exception, string service, string method);

    [LoggerMessage(LogLevel.Debug, "a frame on stream {StreamId} is refused: {Reason}")]
    public static partial void FrameRefused(this ILogger logger, uint streamId, string reason);

    [LoggerMessage(LogLevel.Debug, "an answer on stream {StreamId} which nobody waits for is dropped")]
    public static partial void AnswerDropped(this ILogger logger, uint streamId);

    [LoggerMessage(LogLevel.Error, "a peer with uid {Uid} and gid {Gid} is turned away")]
    public static partial void PeerRefused(this ILogger logger, uint uid, uint gid);

    /// <summary>A peer that goes away is everyday life; anything else is not.</summary>
    public static void ConnectionEnded(this ILogger logger, Exception exception)
    {
        if (exception is IOException or ObjectDisposedException)
        {
            logger.ConnectionLost(exception);
        }
        else
        {
            logger.ConnectionFailed(exception);
        }
    }
}
