using Google.Protobuf;

namespace ShimStack.Ttrpc;

/// <summary>The client's side of a stream: one may send while another reads.</summary>
/// <typeparam name="TRequest">What this side sends.</typeparam>
/// <typeparam name="TResponse">What the server sends.</typeparam>
public sealed class TtrpcStreamCall<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly TtrpcClient _client;
    private readonly ClientCall _call;
    private readonly DeadlineTimer? _timer;
    private bool _isSendClosed;

    internal TtrpcStreamCall(TtrpcClient client, ClientCall call, MessageParser<TResponse> parser, DeadlineTimer? timer, bool isSendClosed)
    {
        _client = client;
        _call = call;
        _timer = timer;
        _isSendClosed = isSendClosed;
        Responses = new TtrpcStreamReader<TResponse>(call.Inbox, parser);
    }

    /// <summary>What the server answers: one message or many, and at their end its status, thrown if it is an error.</summary>
    public TtrpcStreamReader<TResponse> Responses { get; }

    /// <summary>Sends a message.</summary>
    /// <exception cref="RpcException">
    /// ResourceExhausted: it is too long and was not sent. Otherwise: the server, or the connection, has ended the stream.
    /// </exception>
    /// <exception cref="InvalidOperationException">This side has ended already.</exception>
    public ValueTask SendAsync(TRequest message, CancellationToken cancellation = default) => _isSendClosed
        ? throw new InvalidOperationException("this side of the stream has ended")
        : _client.SendAsync(_call, message, cancellation);

    /// <summary>Says that this side has sent its last message; answers may still come.</summary>
    public void CloseSend()
    {
        if (!_isSendClosed)
        {
            _isSendClosed = true;
            _client.CloseSend(_call);
        }
    }

    /// <summary>Forgets the stream; what the server still sends is dropped.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        CloseSend();
        _client.Calls.Forget(_call);
    }
}
