using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Events;

/// <summary>The daemon's events service on TTRPC_ADDRESS. The connection is made when first needed and again after it was lost.</summary>
internal sealed class DaemonEventSink(EventLoop loop, string address, string @namespace) : IEventSink
{
    private const string Scheme = "unix://";
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);
    private readonly string _path = address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..] : address;
    private TtrpcClient? _client;

    public event Action? Lost;

    public async Task ForwardAsync(PendingEvent pending, CancellationToken cancellation)
    {
        ForwardRequest request = new()
        {
            Envelope = new Envelope
            {
                Timestamp = pending.At.ToTimestamp(),
                Namespace = @namespace,
                Topic = pending.Topic,
                Event = new Any { TypeUrl = pending.TypeUrl, Value = pending.Payload },
            },
        };
        await Connected().CallAsync(
            EventServices.Ttrpc,
            EventServices.Forward,
            request,
            Empty.Parser,
            new TtrpcCallOptions { Timeout = CallLimit },
            cancellation);
    }

    private TtrpcClient Connected()
    {
        if (_client is { Completion.IsCompleted: false })
        {
            return _client;
        }

        try
        {
            FileDescriptor socket = UnixSocket.Connect(_path);
            _client = new TtrpcClient(new LoopStream(loop, socket), new TtrpcClientOptions { TimeProvider = loop.Timers });
            _ = WatchAsync(_client);
            return _client;
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.Unavailable, $"the daemon's events socket: {e.Message}", e);
        }
    }

    // An idle connection costs nothing, and its end is how we learn at once that the daemon has gone.
    private async Task WatchAsync(TtrpcClient client)
    {
        await client.Completion;
        Lost?.Invoke();
    }
}
