using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace ShimStack.Ttrpc;

/// <summary>The messages that the other side of a stream sends, in order. One reader at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public sealed class TtrpcStreamReader<T>
    where T : class, IMessage<T>
{
    private readonly StreamInbox _inbox;
    private readonly MessageParser<T> _parser;

    internal TtrpcStreamReader(StreamInbox inbox, MessageParser<T> parser)
    {
        _inbox = inbox;
        _parser = parser;
    }

    /// <summary>Waits for the next message.</summary>
    /// <returns>Null when the other side has sent its last one.</returns>
    /// <exception cref="RpcException">The stream failed, or the message does not decode.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; no message is lost.</exception>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellation = default)
    {
        ReadOnlyMemory<byte>? message = await _inbox.TakeAsync(cancellation);
        return message is ReadOnlyMemory<byte> bytes ? Envelope.Parse(_parser, bytes.Span) : null;
    }

    /// <summary>All messages up to the last one. Throws as <see cref="ReadAsync"/> does.</summary>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await ReadAsync(cancellation) is T message)
        {
            yield return message;
        }
    }
}
