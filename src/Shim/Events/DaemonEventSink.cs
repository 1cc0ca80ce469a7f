using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Events;

/// <summary>
/// The daemon's events service on TTRPC_ADDRESS. The connection is made when first needed and again after it was lost. A daemon that is frozen has
/// an event once, however long that takes: what it has not even read by now it will read when it goes on.
/// </summary>
internal sealed class DaemonEventSink(EventLoop loop, string address, string @namespace) : IEventSink
{
    private const string Scheme = "unix://";
    private readonly string _path = address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..] : address;
    private TtrpcClient? _client;
    private FileDescriptor? _socket;
    private AnswerWatch? _watch;

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
        TtrpcClient client = Connected();
        using AnswerWatch watch = _watch = new AnswerWatch(loop.Timers, _socket!, () => Lost?.Invoke(), cancellation);
        try
        {
            await client.CallAsync(EventServices.Ttrpc, EventServices.Forward, request, Empty.Parser, default, watch.GiveUp);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new RpcException(RpcCode.DeadlineExceeded, "the daemon has read an event and does not answer", e);
        }
        finally
        {
            _watch = null;
        }
    }

    public void Renew()
    {
        if (_watch is { IsLate: true } && _client is TtrpcClient late)
        {
            _client = null;
            _ = late.DisposeAsync().AsTask();
        }
    }

    private TtrpcClient Connected()
    {
        if (_client is { Completion.IsCompleted: false })
        {
            return _client;
        }

        try
        {
            _socket = UnixSocket.Connect(_path);
            _client = new TtrpcClient(new LoopStream(loop, _socket), new TtrpcClientOptions { TimeProvider = loop.Timers });
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
