using Microsoft.Extensions.Logging;
using ShimStack.Api.Runc;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Events;
using ShimStack.Shim.Logging;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Serving;

/// <summary>The long-lived process: made of its parts here, served until it is told to end, and taken down in order.</summary>
internal sealed class ShimServer
{
    private const int InheritedSocket = 3;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly EventLoop _loop;
    private readonly ILogger _logger;
    private readonly Background _background;
    private readonly EventOutbox _outbox;
    private readonly ConnectionListener _listener;
    private readonly string _socketPath;
    private readonly TaskCompletionSource<string> _end = new();

    private ShimServer(EventLoop loop, string runtimeName, ShimArguments arguments)
    {
        _loop = loop;
        LogLevel level = arguments.Debug ? LogLevel.Debug : LogLevel.Information;
        _logger = new LogfmtLogger(LogFifo.Open(), level, arguments.Id, runtimeName, loop.Timers);
        _background = new Background(_logger);

        Reaper reaper = new(loop.Timers);
        SignalSource signals = new(loop, reaper);
        signals.EndRequested += () => _end.TrySetResult("it was asked to by a signal");

        string events = Environment.GetEnvironmentVariable("TTRPC_ADDRESS") ?? string.Empty;
        _outbox = new EventOutbox(new DaemonEventSink(loop, events, arguments.Namespace), loop.Timers, _logger);

        TaskTable tasks = new();
        TtrpcServer server = new(new TtrpcServerOptions { TimeProvider = loop.Timers }, _logger);
        new TaskService(Parts(arguments.Namespace, tasks, reaper), () => _end.TrySetResult("its last container is gone")).AddTo(server);

        FileDescriptor socket = arguments.Socket.Length > 0 ? UnixSocket.Listen(arguments.Socket) : FileDescriptor.Take(InheritedSocket);
        Files.SetNonBlocking(socket, true);
        _socketPath = UnixSocket.PathOf(socket);
        _listener = new ConnectionListener(loop, socket, server, _logger);
        signals.DumpRequested += () =>
            _logger.StateDumped(tasks.All.Count, _listener.Connections.Count, _outbox.Pending.Count, reaper.Expected);
    }

    /// <summary>Serves until the end. Runs on the calling thread, which must be the process's first: see <see cref="RuntimeProcess"/>.</summary>
    public static ExitCode Run(string runtimeName, ShimArguments arguments)
    {
        // A container's init is a grandchild whose parent, the runtime, ends: it becomes ours, and its exit status with it.
        CurrentProcess.BecomeSubreaper();

        // A client that goes away must not end the shim.
        CurrentProcess.IgnoreBrokenPipe();

        using EventLoop loop = new();
        return loop.Run(() => new ShimServer(loop, runtimeName, arguments).ServeAsync());
    }

    private TaskParts Parts(string @namespace, TaskTable tasks, Reaper reaper)
    {
        TaskEvents events = new(_outbox);
        RuntimeProcess process = new(_loop, reaper);
        IReadOnlyList<string> environment = ProcessEnvironment.ForRuntime();
        IOciRuntime MakeRuntime(Options options, string bundle) =>
            new RuncRuntime(process, RuntimeSettings.From(options, @namespace), bundle, environment);
        return new TaskParts(
            @namespace,
            tasks,
            events,
            new ExitHandler(events, _background, _logger),
            new ProcessLauncher(new StdioContext(_loop, new FifoReaders(_loop), _logger), reaper),
            MakeRuntime,
            new TaskRootfs(_loop, process, environment),
            _loop.Timers,
            _logger);
    }

    private async Task<ExitCode> ServeAsync()
    {
        _background.Run("event delivery", _outbox.RunAsync);
        _logger.ShimServes(CurrentProcess.Id);
        Task ended = await Task.WhenAny(_end.Task, _background.Failed);
        _logger.ShimEnds(ended == _end.Task ? await _end.Task : "a part of it failed");
        await EndAsync();
        return ended == _end.Task ? ExitCode.Success : ExitCode.Failure;
    }

    // The answers first, the daemon waits for them; then the events; then the name by which we could be found.
    private async Task EndAsync()
    {
        using CancellationTokenSource limit = new(EndLimit, _loop.Timers);
        try
        {
            await _listener.StopAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _logger.EndWasCut(e.Message);
        }

        await _outbox.StopAsync(EndLimit);
        Files.TryUnlink(_socketPath);
    }
}
