using Google.Protobuf;

namespace ShimStack.Ttrpc;

/// <summary>Sends the stream of answers of a server method. The end is sent when the handler returns.</summary>
/// <typeparam name="T">The message.</typeparam>
public sealed class TtrpcStreamWriter<T>
    where T : class, IMessage<T>
{
    private readonly ServerCall _call;

    internal TtrpcStreamWriter(ServerCall call) => _call = call;

    /// <summary>Sends a message; waits first while much waits to be written on this connection.</summary>
    /// <exception cref="RpcException">ResourceExhausted: the message is too long and nothing was sent.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the call has ended: nothing was sent.</exception>
    public ValueTask WriteAsync(T message, CancellationToken cancellation = default) =>
        _call.Owner.SendMessageAsync(_call, message, cancellation);
}
