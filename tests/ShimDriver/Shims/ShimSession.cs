using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Task;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.ShimDriver.Shims;

/// <summary>
/// One shim with one container, from the start action to its last trace. Disposing of it leaves nothing behind, whatever state it is in, and
/// throws if it cannot.
/// </summary>
public sealed class ShimSession : IAsyncDisposable
{
    private readonly List<ShimExec> _execs = [];
    private readonly SessionOptions _options;
    private TaskClient? _tasks;
    private ContainerStdio? _stdio;

    /// <summary>Makes the bundle. Nothing runs yet.</summary>
    public ShimSession(DaemonSide daemon, ShimUnderTest shim, BundleSpec spec, SessionOptions? options = null)
    {
        (Daemon, Shim, _options) = (daemon, shim, options ?? new SessionOptions());
        Bundle = daemon.NewBundle(spec);
        Action = new ShimAction(shim, daemon, Bundle, _options);
    }

    public DaemonSide Daemon { get; }

    public ShimUnderTest Shim { get; }

    public Bundle Bundle { get; }

    public string Id => Bundle.Id;

    /// <summary>The start and delete actions.</summary>
    public ShimAction Action { get; }

    /// <summary>What the start action printed; null before <see cref="LaunchAsync"/>.</summary>
    public BootstrapAnswer? Answer { get; private set; }

    /// <summary>The server; null before <see cref="LaunchAsync"/>.</summary>
    public RunningProcess? Process { get; private set; }

    public TaskClient Tasks => _tasks ?? throw new InvalidOperationException("the shim was not launched");

    public ContainerStdio Stdio => _stdio ?? throw new InvalidOperationException("the container was not created");

    /// <summary>Runs the start action, connects, and asks the server for its pid. Returns how the action went.</summary>
    public async Task<CommandResult> LaunchAsync(CancellationToken cancellation = default)
    {
        CommandResult result = _options.TimesExactly ? Action.StartExactly() : await Action.StartAsync(cancellation);
        result.EnsureSuccess($"{Shim.Name} start");
        if (result.Error.Length > 0)
        {
            throw new InvalidOperationException($"{Shim.Name} start wrote to its standard error: {result.Error}");
        }

        Answer = BootstrapAnswer.Parse(result.Output);
        await ConnectAsync(cancellation);
        ConnectResponse server = await Tasks.ConnectAsync(new ConnectRequest { Id = Id }, cancellation);
        Process = new RunningProcess((int)server.ShimPid);
        return result;
    }

    /// <summary>Opens a new connection in place of the present one, as a restarted daemon does.</summary>
    public async Task ConnectAsync(CancellationToken cancellation = default)
    {
        await DisconnectAsync();
        string service = Answer!.Version >= 3 ? TaskServices.V3 : TaskServices.V2;
        _tasks = await TaskClient.ConnectAsync(Answer.SocketPath, service, Daemon.Namespace, _options.CallTimeout, cancellation);
    }

    /// <summary>Closes the connection, as the death of a daemon does.</summary>
    public async Task DisconnectAsync()
    {
        if (_tasks is not null)
        {
            await _tasks.DisposeAsync();
        }
    }

    /// <summary>Makes the standard streams, for who must know them before <see cref="CreateAsync"/>.</summary>
    public ContainerStdio PrepareStdio() => _stdio ??= _options.OutputUri is { } uri ? ContainerStdio.To(uri) : NewStdio("init", _options.ReadsOutput);

    /// <summary>Makes the standard streams and calls Create. Returns the pid of the init.</summary>
    public async Task<int> CreateAsync(CancellationToken cancellation = default)
    {
        ContainerStdio stdio = PrepareStdio();
        var request = new CreateTaskRequest
        {
            Id = Id,
            Bundle = Bundle.Path,
            Terminal = Bundle.Spec.Terminal,
            Stdin = stdio.Stdin,
            Stdout = stdio.Stdout,
            Stderr = Bundle.Spec.Terminal ? "" : stdio.Stderr,
            Options = Action.PackedOptions,
            Rootfs = { Bundle.RootfsMounts },
        };
        return (int)(await Tasks.CreateAsync(request, cancellation)).Pid;
    }

    /// <summary>Calls Start for the init. Returns its pid.</summary>
    public async Task<int> StartAsync(CancellationToken cancellation = default) =>
        (int)(await Tasks.StartAsync(new StartRequest { Id = Id }, cancellation)).Pid;

    /// <summary>Makes the standard streams of an exec, for who must have them before Exec.</summary>
    public ContainerStdio PrepareExecStdio(string execId) => NewStdio(execId);

    /// <summary>Calls Exec: the process is known afterwards, but does not run.</summary>
    public Task<ShimExec> ExecAsync(string execId, IReadOnlyList<string> arguments, CancellationToken cancellation = default) =>
        ExecAsync(execId, arguments, NewStdio(execId), cancellation);

    /// <summary>Calls Exec for a process with these streams.</summary>
    public async Task<ShimExec> ExecAsync(
        string execId, IReadOnlyList<string> arguments, ContainerStdio stdio, CancellationToken cancellation = default)
    {
        var exec = new ShimExec(this, execId, stdio);
        _execs.Add(exec);
        var request = new ExecProcessRequest
        {
            Id = Id,
            ExecId = execId,
            Stdin = stdio.Stdin,
            Stdout = stdio.Stdout,
            Stderr = stdio.Stderr,
            Spec = new Any { TypeUrl = TypeUrls.OciProcess, Value = ByteString.CopyFromUtf8(OciDocument.Process(arguments).ToJsonString()) },
        };
        await Tasks.ExecAsync(request, cancellation);
        return exec;
    }

    /// <summary>Sends a signal to the init.</summary>
    public Task KillAsync(int signal = 9, bool all = false, CancellationToken cancellation = default) =>
        Tasks.KillAsync(new KillRequest { Id = Id, Signal = (uint)signal, All = all }, cancellation);

    /// <summary>Waits for the exit event of the init.</summary>
    public Task<RecordedEvent> WaitForExitEventAsync(CancellationToken cancellation = default) =>
        Daemon.Events.WaitForExitAsync(Id, Id, _options.CallTimeout, cancellation);

    /// <summary>Calls Delete for the init.</summary>
    public Task<DeleteResponse> DeleteAsync(CancellationToken cancellation = default) =>
        Tasks.DeleteAsync(new DeleteRequest { Id = Id }, cancellation);

    /// <summary>Calls Shutdown and waits until the server has gone.</summary>
    public async Task ShutdownAsync(CancellationToken cancellation = default)
    {
        try
        {
            await Tasks.ShutdownAsync(new ShutdownRequest { Id = Id }, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.Unavailable)
        {
            // The answer races with the end of the server; daemons tolerate it as well.
        }

        if (!await Process!.WaitForEndAsync(_options.CallTimeout, cancellation))
        {
            throw new TimeoutException($"{Shim.Name} still runs {_options.CallTimeout} after Shutdown");
        }
    }

    public async ValueTask DisposeAsync()
    {
        var cleanup = new Cleanup();
        if (_tasks is not null)
        {
            await cleanup.TryAsync("disconnect", async () => await _tasks.DisposeAsync());
        }

        await new SessionLeftovers(this, _options).RemoveAsync(cleanup);
        await cleanup.TryAsync("close streams", () =>
        {
            _stdio?.Dispose();
            _execs.ForEach(exec => exec.Stdio.Dispose());
            Bundle.Dispose();
        });
        await cleanup.TryAsync("remove bundle", () => Directory.Delete(Bundle.Path, recursive: true));
        cleanup.ThrowIfAnythingFailed();
    }

    private ContainerStdio NewStdio(string name, bool readsOutput = true) => _options.WithOutput
        ? ContainerStdio.Make(Path.Combine(Daemon.Root, "fifo", Id, name), _options.WithInput, _options.KeepsOutput, readsOutput)
        : ContainerStdio.None();
}
