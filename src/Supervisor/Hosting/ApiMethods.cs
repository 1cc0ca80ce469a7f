using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// The methods of all services, as one service to the framework. Its own ways look for methods by reflection, or call through virtual generic
/// methods; under NativeAOT both make types at run time, and that was two thirds of the time of a start. Here every type is known to the compiler.
/// </summary>
internal sealed class ApiMethods(CallEdge edge) : IServiceMethodProvider<ApiMethods>
{
    private static readonly List<object> NoMetadata = [];
    private readonly ConcurrentDictionary<string, Action<ServiceMethodProviderContext<ApiMethods>>> _methods = new(StringComparer.Ordinal);
    private Action<ServiceMethodProviderContext<ApiMethods>>? _chosen;

    /// <summary>What every call goes through.</summary>
    public CallEdge Edge { get; } = edge;

    /// <summary>The calls that are here, as "/SERVICE/METHOD".</summary>
    public IEnumerable<string> Paths => _methods.Keys;

    /// <summary>Adds a call with one answer.</summary>
    public ApiMethods Unary<TRequest, TResponse>(
        string path, MessageParser<TRequest> request, MessageParser<TResponse> response, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        Method<TRequest, TResponse> method = Create(MethodType.Unary, path, request, GrpcMessages.Of(response));
        Add(method, context => context.AddUnaryMethod(method, NoMetadata, (_, message, call) => Edge.AnswerAsync(handler, message, call)));
        return this;
    }

    /// <summary>Adds a call with a stream of answers.</summary>
    public ApiMethods Stream<TRequest, TResponse>(
        string path, MessageParser<TRequest> request, Marshaller<TResponse> response, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class
    {
        Method<TRequest, TResponse> method = Create(MethodType.ServerStreaming, path, request, response);
        Add(
            method,
            context => context.AddServerStreamingMethod(
                method, NoMetadata, (_, message, answers, call) => Edge.AnswerAsync(handler, message, answers, call)));
        return this;
    }

    /// <summary>Chooses the call that the framework finds next: it is slow in making one, and of some sixty a client wants a few.</summary>
    /// <returns>Whether it is here.</returns>
    public bool Choose(string path) => _methods.TryGetValue(path, out _chosen);

    /// <summary>Called by the framework.</summary>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ApiMethods> context) => _chosen!(context);

    private void Add(IMethod method, Action<ServiceMethodProviderContext<ApiMethods>> add)
    {
        if (!_methods.TryAdd(method.FullName, add))
        {
            throw new InvalidOperationException($"{method.FullName} is answered twice");
        }
    }

    private static Method<TRequest, TResponse> Create<TRequest, TResponse>(
        MethodType type, string path, MessageParser<TRequest> request, Marshaller<TResponse> response)
        where TRequest : class, IMessage<TRequest>
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return new Method<TRequest, TResponse>(type, path[..slash], path[(slash + 1)..], GrpcMessages.Of(request), response);
    }
}
