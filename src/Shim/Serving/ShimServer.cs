using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Memory;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Control;
using ShimStack.Shim.Events;
using ShimStack.Shim.Logging;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Parking;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Settings;
using ShimStack.Shim.State;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Upgrade;

namespace ShimStack.Shim.Serving;

/// <summary>The long-lived process: made of its parts here, served until it is told to end, and taken down in order.</summary>
internal sealed class ShimServer
{
    private const int InheritedSocket = 3;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly EventLoop _loop;
    private readonly ILogger _logger;
    private readonly ShimParts _parts;
    private readonly Reaper _reaper;
    private readonly string _socketPath;
    private readonly TaskCompletionSource<string> _end = new();

    private ShimServer(EventLoop loop, string runtimeName, ShimArguments arguments, ShimRecord? left)
    {
        _loop = loop;
        LogLevel level = arguments.Debug ? LogLevel.Debug : LogLevel.Information;
        LogFifo log = LogFifo.Open();
        _logger = new LogfmtLogger(log, level, arguments.Id, runtimeName, loop.Timers);

        _reaper = new Reaper(loop.Timers);
        SignalSource signals = new(loop, _reaper);
        signals.EndRequested += () => _end.TrySetResult("it was asked to by a signal");

        FileDescriptor socket = left is { Listener: > 0 } ? FileDescriptor.Take((int)left.Listener)
            : arguments.Socket.Length > 0 ? UnixSocket.Listen(arguments.Socket)
            : FileDescriptor.Take(InheritedSocket);
        Files.SetNonBlocking(socket, true);
        _socketPath = UnixSocket.PathOf(socket);

        string events = Environment.GetEnvironmentVariable("TTRPC_ADDRESS") ?? string.Empty;
        IReadOnlyList<string> environment = ProcessEnvironment.ForRuntime();
        ShimSettings settings = SettingsReader.Read();
        RuntimeFactory Runtimes(RuntimeProcess process) => (options, bundle) => new RuncRuntime(
            process, RuntimeSettings.From(options, arguments.Namespace) with { Limit = () => settings.RuntimeLimit }, bundle, environment);
        ShimSurroundings around = new(
            loop, _reaper, arguments.Namespace, new DaemonEventSink(loop, events, arguments.Namespace), Runtimes, environment, settings, () => log.Lost, _logger)
        {
            Parking = Environment.GetEnvironmentVariable(ShimParking.Variable) is { Length: > 0 } place ? (place, arguments.Id) : null,
        };
        _parts = new ShimParts(around, socket, ShutDown);
        signals.DumpRequested += Dump;
    }

    /// <summary>Serves until the end. Runs on the calling thread, which must be the process's first: see <see cref="RuntimeProcess"/>.</summary>
    public static ExitCode Run(string runtimeName, ShimArguments arguments)
    {
        // In one go, not by a fault for each piece while a daemon waits for its first answers.
        ProgramCode.Take();

        // A container's init is a grandchild whose parent, the runtime, ends: it becomes ours, and its exit status with it.
        CurrentProcess.BecomeSubreaper();

        // A client that goes away must not end the shim.
        CurrentProcess.IgnoreBrokenPipe();

        ShimRecord? left = StateFile.Take();
        using EventLoop loop = new() { Settling = RestingMemory.Settling() };
        return left is null && arguments.Adopt
            ? AdoptAndServe(loop, runtimeName, arguments)
            : loop.Run(() => Start(loop, runtimeName, arguments, left).ServeAsync());
    }

    private static ExitCode AdoptAndServe(EventLoop loop, string runtimeName, ShimArguments arguments)
    {
        AdoptedShim adopted = AdoptedShim.Receive();
        return adopted.IsRefused ? ExitCode.Failure : loop.Run(() => Adopt(loop, runtimeName, arguments, adopted).ServeAsync());
    }

    private static ShimServer Adopt(EventLoop loop, string runtimeName, ShimArguments arguments, AdoptedShim adopted)
    {
        try
        {
            ShimServer server = new(loop, runtimeName, arguments, adopted.Record);
            server._parts.State.PickUp(adopted.Record, server._parts.State.Restore(adopted.Record), server._reaper);
            adopted.GoOn(server._parts, server._reaper, server._logger);
            return server;
        }
        catch (Exception e)
        {
            adopted.Refuse(e.Message);
            throw;
        }
    }

    private static ShimServer Start(EventLoop loop, string runtimeName, ShimArguments arguments, ShimRecord? left)
    {
        if (left is null)
        {
            return new ShimServer(loop, runtimeName, arguments, left);
        }

        try
        {
            ShimServer server = new(loop, runtimeName, arguments, left);
            List<ContainerTask> tasks = server._parts.State.Restore(left);
            WayBack.Close(left);
            server.GoOn(left, tasks);
            return server;
        }
        catch (Exception e) when (left is { Upgrade.WayBack: > 0 })
        {
            WayBack.Take(left, e.Message);
            throw;
        }
    }

    // Who ended since the build before has looked is known before anybody asks.
    private void GoOn(ShimRecord left, List<ContainerTask> tasks)
    {
        _parts.State.PickUp(left, tasks, _reaper);
        _parts.Strangers.Follow(left);
        _reaper.ReapAll();
        _parts.Parking?.DaemonSeen(); // what the build before has left is with the daemon, but its connection is gone
        if (left.Upgrade is UpgradeRecord upgrade)
        {
            OwnProgram.Read().TakeName();
            _parts.Upgrade.GoOn(upgrade);
        }

        _parts.Listener.PickUp(left.Connections);
        if (left.ToBeClosed.Count > 0)
        {
            _parts.Background.Run("close", () => BlockingCall.RunAsync(() => CloseAll(left)));
        }
    }

    private static void CloseAll(ShimRecord left)
    {
        foreach (uint number in left.ToBeClosed)
        {
            FileDescriptor.Take((int)number).Dispose();
        }
    }

    private void Dump()
    {
        foreach (string line in new StateDump(_parts.Inside).Lines())
        {
            _logger.StateDumped(line);
        }
    }

    // Later, when the call that asks for it has been answered.
    private void ShutDown() => _loop.Post(_ => _end.TrySetResult("its last container is gone"), null);

    private async Task<ExitCode> ServeAsync()
    {
        _parts.Background.Run("event delivery", _parts.Outbox.RunAsync);
        _logger.ShimServes(CurrentProcess.Id);
        Task ended = await Task.WhenAny(_end.Task, _parts.Background.Failed);
        _logger.ShimEnds(ended == _end.Task ? await _end.Task : "a part of it failed");
        _parts.Upgrade.IsOver = true;
        await EndAsync();
        return ended == _end.Task ? ExitCode.Success : ExitCode.Failure;
    }

    // The answers first, the daemon waits for them; then the events; then the name by which we could be found.
    private async Task EndAsync()
    {
        using CancellationTokenSource limit = new(EndLimit, _loop.Timers);
        try
        {
            await _parts.Listener.StopAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _logger.EndWasCut(e.Message);
        }

        await _parts.Outbox.StopAsync(EndLimit);
        Files.TryUnlink(_socketPath);
    }
}
