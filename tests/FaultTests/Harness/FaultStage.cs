using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.FaultTests.Harness;

/// <summary>A daemon's side, a shim, a runtime that fails when it is told to, and what was found. Nothing is left afterwards.</summary>
internal sealed class FaultStage : IAsyncDisposable
{
    /// <summary>What should be answered is answered within this time, also on a busy machine; what hangs is given up.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly ShimUnderTest _shim;
    private readonly Fault _fault;
    private ShimSession? _session;

    public FaultStage(ShimUnderTest shim, Fault fault)
    {
        (_shim, _fault) = (shim, fault);
        Runtime = new FailingRuntime(Path.Combine(Daemon.Root, "runc"));
        Directory.CreateDirectory(Shared);
        Directory.CreateDirectory(Temporary);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "probe"), Path.Combine(Shared, "probe"));
    }

    public DaemonSide Daemon { get; } = DaemonSide.Open();

    public FailingRuntime Runtime { get; }

    public Findings Findings { get; } = new();

    public ShimSession Session => _session ?? throw new InvalidOperationException("no bundle was made");

    public string Id => Session.Id;

    /// <summary>The container sees it as /shared.</summary>
    public string Shared => Path.Combine(Daemon.Root, "shared");

    /// <summary>TMPDIR of the shim.</summary>
    public string Temporary => Path.Combine(Daemon.Root, "tmp");

    /// <summary>Mounts that are not the shim's.</summary>
    public List<string> OwnMounts { get; } = [];

    /// <summary>The shim's log so far.</summary>
    public string Log => _session?.Bundle.Log.Text ?? "";

    /// <summary>Makes the bundle and starts the shim.</summary>
    /// <param name="spec">The container; one of <see cref="Subject"/>.</param>
    /// <param name="options">What is special; runtime and environment are the stage's.</param>
    public async Task LaunchAsync(BundleSpec? spec = null, SessionOptions? options = null)
    {
        Prepare(spec, options);
        await MustAsync("start", Session.LaunchAsync());
    }

    /// <summary>Makes the bundle.</summary>
    public void Prepare(BundleSpec? spec = null, SessionOptions? options = null)
    {
        var environment = new Dictionary<string, string>(_fault.Settings) { ["TMPDIR"] = Temporary, ["XDG_RUNTIME_DIR"] = Temporary };
        BundleSpec shared = (spec ?? Subject.Patient()) with { Shared = Shared, CgroupParent = $"/shimstack-faults-{Daemon.Mark}" };
        options = (options ?? new SessionOptions()) with { RuntimeBinary = Runtime.Binary, Environment = environment };
        _session = new ShimSession(Daemon, _shim, shared, options);
    }

    /// <summary>A container that runs.</summary>
    public async Task RunAsync(BundleSpec? spec = null, SessionOptions? options = null)
    {
        await LaunchAsync(spec, options);
        await MustAsync("Create", Session.CreateAsync());
        await MustAsync("Start", Session.StartAsync());
    }

    /// <summary>The container's process goes on to its end.</summary>
    public void Release() => File.WriteAllText(Path.Combine(Shared, "go"), "");

    /// <summary>A call that must succeed, and soon.</summary>
    /// <exception cref="DeadEndException">It does not.</exception>
    public async Task<T> MustAsync<T>(string what, Task<T> call)
    {
        try
        {
            return await call.WaitAsync(Soon);
        }
        catch (TimeoutException)
        {
            throw DeadEnd($"{what}: no answer in {Soon.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            throw DeadEnd($"{what} fails: {Words.Short(e.Message, this)}");
        }
    }

    /// <inheritdoc cref="MustAsync{T}"/>
    public Task MustAsync(string what, Task call) => MustAsync(what, AsValueAsync(call));

    /// <summary>A call that must fail, and soon, with words that name <paramref name="reason"/>.</summary>
    /// <returns>The failure.</returns>
    /// <exception cref="DeadEndException">It succeeds, or is not answered.</exception>
    public async Task<RpcException> MustFailAsync(string what, Task call, string reason = "")
    {
        try
        {
            await call.WaitAsync(Soon);
        }
        catch (TimeoutException)
        {
            throw DeadEnd($"{what}: no answer in {Soon.TotalSeconds:0} s");
        }
        catch (RpcException e)
        {
            bool saysWhy = e.Message.Contains(reason, StringComparison.OrdinalIgnoreCase);
            Findings.Check(saysWhy, $"{what} does not say why: {Words.Short(e.Message, this)}");
            return e;
        }

        throw DeadEnd($"{what} succeeds");
    }

    public async ValueTask DisposeAsync()
    {
        Runtime.Clear();
        var cleanup = new Cleanup();
        await cleanup.TryAsync("kill what is left", KillAllAsync);
        await cleanup.TryAsync("session", async () => await (_session?.DisposeAsync() ?? ValueTask.CompletedTask));
        await cleanup.TryAsync("daemon", async () => await Daemon.DisposeAsync());
        cleanup.ThrowIfAnythingFailed();
    }

    /// <summary>Notes what makes it useless to go on.</summary>
    public DeadEndException DeadEnd(string finding)
    {
        Findings.Add(finding);
        return new DeadEndException(finding);
    }

    private async Task KillAllAsync()
    {
        foreach (RunningProcess process in RunningProcess.Marked(Daemon.Mark))
        {
            process.Signal(9);
            await process.WaitForEndAsync(Soon);
        }
    }

    private static async Task<bool> AsValueAsync(Task call)
    {
        await call;
        return true;
    }
}
