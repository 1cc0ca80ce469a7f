using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace ShimStack.Ttrpc;

/// <summary>
/// Serves methods on any number of connections. A handler is started on the loop that reads its connection and holds it up until its
/// first wait, so it must not block; what it waits for holds nobody up.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="logger">Where failures are told.</param>
public sealed class TtrpcServer(TtrpcServerOptions options, ILogger logger)
{
    private readonly Dictionary<string, Dictionary<string, ServerMethod>> _services = [];

    internal TtrpcServerOptions Options => options;

    /// <summary>Adds a method with one request and one answer. Methods are added before the first connection.</summary>
    /// <param name="service">Full name of the service.</param>
    /// <param name="method">Bare name of the method.</param>
    /// <param name="parser">Decodes the request.</param>
    /// <param name="handler">
    /// Answers it, or throws: an <see cref="RpcException"/> goes out as it is, other exceptions as the code that their kind stands for.
    /// </param>
    /// <exception cref="ArgumentException">The method is there already.</exception>
    public void AddMethod<TRequest, TResponse>(
        string service, string method, MessageParser<TRequest> parser, Func<TRequest, ServerCallContext, ValueTask<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new ServerMethod(service, method, (payload, call) =>
            MessageAsync(handler(Envelope.Parse(parser, payload.Span), call.Context))));

    /// <summary>
    /// Adds a method with one request and a stream of answers, which ends when the handler returns. See <see cref="AddMethod"/>.
    /// </summary>
    public void AddServerStream<TRequest, TResponse>(
        string service,
        string method,
        MessageParser<TRequest> parser,
        Func<TRequest, TtrpcStreamWriter<TResponse>, ServerCallContext, ValueTask> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new ServerMethod(service, method, async (payload, call) =>
        {
            await handler(Envelope.Parse(parser, payload.Span), new TtrpcStreamWriter<TResponse>(call), call.Context);
            return null;
        })
        { IsStreaming = true });

    /// <summary>Adds a method with a stream of requests and one answer. See <see cref="AddMethod"/>.</summary>
    public void AddClientStream<TRequest, TResponse>(
        string service,
        string method,
        MessageParser<TRequest> parser,
        Func<TtrpcStreamReader<TRequest>, ServerCallContext, ValueTask<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new ServerMethod(service, method, (_, call) =>
            MessageAsync(handler(new TtrpcStreamReader<TRequest>(call.Inbox!, parser), call.Context)))
        {
            IsStreaming = true,
            TakesStream = true,
        });

    /// <summary>
    /// Adds a method with streams in both directions; the answers end when the handler returns. See <see cref="AddMethod"/>.
    /// </summary>
    public void AddDuplexStream<TRequest, TResponse>(
        string service,
        string method,
        MessageParser<TRequest> parser,
        Func<TtrpcStreamReader<TRequest>, TtrpcStreamWriter<TResponse>, ServerCallContext, ValueTask> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new ServerMethod(service, method, async (_, call) =>
        {
            await handler(new TtrpcStreamReader<TRequest>(call.Inbox!, parser), new TtrpcStreamWriter<TResponse>(call), call.Context);
            return null;
        })
        { IsStreaming = true, TakesStream = true });

    /// <summary>Starts to serve a connection.</summary>
    /// <param name="stream">
    /// Any unbuffered duplex stream; the connection disposes it at its end. A cancelled read must not have taken bytes. See <see
    /// cref="IPartialWriter"/>.
    /// </param>
    public TtrpcServerConnection Accept(Stream stream) => new(this, stream, logger, null);

    /// <summary>
    /// Goes on with a connection that was put down: what was half-written goes out first, and each open call is dispatched again from
    /// its raw request.
    /// </summary>
    /// <param name="stream">The same stream, at the byte where it was put down.</param>
    /// <param name="state">What <see cref="TtrpcServerConnection.PutDownAsync"/> gave.</param>
    public TtrpcServerConnection Resume(Stream stream, ServerConnectionState state) => new(this, stream, logger, state);

    /// <exception cref="RpcException">Unimplemented: there is no such service or method.</exception>
    internal ServerMethod Find(string service, string method)
    {
        if (!_services.TryGetValue(service, out Dictionary<string, ServerMethod>? methods))
        {
            throw RpcException.Unimplemented($"service {service}");
        }
        return methods.TryGetValue(method, out ServerMethod? found) ? found : throw RpcException.Unimplemented($"method {method}");
    }

    private static async ValueTask<IMessage?> MessageAsync<T>(ValueTask<T> message)
        where T : class, IMessage<T> => await message;

    private void Add(ServerMethod method)
    {
        if (!_services.TryGetValue(method.Service, out Dictionary<string, ServerMethod>? methods))
        {
            _services[method.Service] = methods = [];
        }
        methods.Add(method.Name, method);
    }
}
