using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Native;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Upgrade;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Events;

/// <summary>The ttrpc socket on which shims tell of events. An event is acknowledged when it is on record. Contract chapters 2.6 and 6.</summary>
internal sealed class EventsEndpoint : IAsyncDisposable
{
    /// <summary>Every shim holds a connection; this is more than a machine has of them, and less than descriptors.</summary>
    private const int MaxConnections = 16_384;

    /// <summary>A shim in a hurry sends some dozens of events at a time.</summary>
    private const int ReadAhead = 16 * 1024;

    /// <summary>No shim has a thread of all sockets for longer: see SocketThreads.</summary>
    private const int FramesInTurn = 256;

    private readonly ListenPath _path;
    private readonly TtrpcListener _listener;

    private EventsEndpoint(ListenPath path, TtrpcListener listener) => (_path, _listener) = (path, listener);

    /// <summary>Begins to take events.</summary>
    /// <exception cref="StartupException">The socket is in use, or cannot be made.</exception>
    public static EventsEndpoint Open(SupervisorSettings settings, EventJournal journal, ILogger logger, KeptDescriptors? kept = null)
    {
        TtrpcServer server = new(new TtrpcServerOptions { ReadAhead = ReadAhead, FramesInTurn = FramesInTurn }, logger);
        server.AddMethod(EventServices.Ttrpc, EventServices.Forward, ForwardRequest.Parser, async (request, _) =>
        {
            await journal.PublishAsync(request.Envelope ?? new Envelope());
            return new Empty();
        });
        ListenPath path = ListenPath.Claim(settings.TtrpcAddress, kept);
        try
        {
            TtrpcListenerOptions options = new() { MaxConnections = MaxConnections, Logger = logger };
            return new EventsEndpoint(path, TtrpcListener.Serve(path.Listen(), server, options));
        }
        catch (SyscallException e)
        {
            path.Dispose();
            throw new StartupException($"cannot listen on {path.Path}: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Task.Yield(); // see SocketThreads
        _path.Dispose();
    }
}
