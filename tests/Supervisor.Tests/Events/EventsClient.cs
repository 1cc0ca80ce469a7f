using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;
using ShimStack.Api.Journal;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Hosting;
using Containerd = ShimStack.Api.Daemon;

namespace ShimStack.Supervisor.Tests.Events;

/// <summary>Calls the services of events as any client does.</summary>
internal sealed class EventsClient(GrpcChannel channel)
{
    private const string JournalName = "shimstack.journal.v1.Journal";

    private static readonly Method<PublishRequest, Empty> PublishMethod = new(
        MethodType.Unary, EventServices.Grpc, "Publish", GrpcMessages.Of(PublishRequest.Parser), GrpcMessages.Of(Empty.Parser));

    private static readonly Method<Containerd.SubscribeRequest, Envelope> SubscribeMethod = new(
        MethodType.ServerStreaming, EventServices.Grpc, "Subscribe",
        GrpcMessages.Of(Containerd.SubscribeRequest.Parser), GrpcMessages.Of(Envelope.Parser));

    private static readonly Method<ShimStack.Api.Journal.SubscribeRequest, ShimStack.Api.Journal.Record> ResumeMethod = new(
        MethodType.ServerStreaming, JournalName, "Subscribe",
        GrpcMessages.Of(ShimStack.Api.Journal.SubscribeRequest.Parser), GrpcMessages.Of(ShimStack.Api.Journal.Record.Parser));

    private static readonly Method<StatusRequest, StatusResponse> StatusMethod = new(
        MethodType.Unary, JournalName, "Status", GrpcMessages.Of(StatusRequest.Parser), GrpcMessages.Of(StatusResponse.Parser));

    private readonly CallInvoker _calls = channel.CreateCallInvoker();

    public static GrpcChannel Open(string socket) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        },
    });

    public async Task PublishAsync(string topic, string? nameSpace)
    {
        Metadata headers = nameSpace is null ? [] : new Metadata { { "containerd-namespace", nameSpace } };
        PublishRequest request = new() { Topic = topic, Event = new Any { TypeUrl = "test" } };
        await _calls.AsyncUnaryCall(PublishMethod, null, new CallOptions(headers), request).ResponseAsync.WaitAsync(Limit.Time);
    }

    /// <summary>Returns when the subscription is in its place.</summary>
    public async Task<AsyncServerStreamingCall<Envelope>> SubscribeAsync(params string[] filters)
    {
        AsyncServerStreamingCall<Envelope> call = _calls.AsyncServerStreamingCall(
            SubscribeMethod, null, default, new Containerd.SubscribeRequest { Filters = { filters } });
        await call.ResponseHeadersAsync.WaitAsync(Limit.Time);
        return call;
    }

    public AsyncServerStreamingCall<ShimStack.Api.Journal.Record> Resume(ShimStack.Api.Journal.SubscribeRequest request) =>
        _calls.AsyncServerStreamingCall(ResumeMethod, null, default, request);

    public Task<StatusResponse> StatusAsync() =>
        _calls.AsyncUnaryCall(StatusMethod, null, default, new StatusRequest()).ResponseAsync.WaitAsync(Limit.Time);

    /// <summary>The next message of a stream.</summary>
    public static async Task<T> NextAsync<T>(AsyncServerStreamingCall<T> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Limit.Time), "the stream has ended");
        return call.ResponseStream.Current;
    }
}
