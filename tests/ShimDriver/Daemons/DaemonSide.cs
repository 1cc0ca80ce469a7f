using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Daemons;

/// <summary>
/// What a shim sees of a daemon: its state directory, its addresses and its socket for events. Nothing is shared with a daemon of the machine.
/// Disposing of it removes everything that sessions have left, and throws if something could not be removed.
/// </summary>
public sealed class DaemonSide : IAsyncDisposable
{
    private EventEndpoint? _endpoint;
    private int _lastNumber;

    private DaemonSide(string root) => Root = root;

    /// <summary>The directory below which everything is.</summary>
    public string Root { get; }

    public string Namespace { get; } = "driver";

    /// <summary>Value of -address. Nobody listens there: it only names the daemon.</summary>
    public string GrpcAddress => Path.Combine(Root, "containerd.sock");

    /// <summary>Where events are taken.</summary>
    public string TtrpcAddress => GrpcAddress + ".ttrpc";

    /// <summary>The --root of runtimes, without the namespace.</summary>
    public string RuntimeRoot => Path.Combine(Root, "runtime");

    /// <summary>A filled root file system, shared by all containers.</summary>
    public string SharedRootfs => Path.Combine(Root, "rootfs");

    /// <summary>Part of every name that this daemon gives: what carries it on the machine is of this daemon.</summary>
    public string Mark => Path.GetFileName(Root)[^8..];

    public EventRecorder Events { get; } = new();

    /// <summary>What becomes of events that come from now on.</summary>
    public EventAnswer Answer { get; set; }

    /// <summary>Makes the directory and opens the socket for events.</summary>
    /// <param name="parent">Where; a short path, because socket paths are limited to 107 bytes.</param>
    public static DaemonSide Open(string parent = "/run")
    {
        var daemon = new DaemonSide(Path.Combine(parent, $"shimstack-driver-{Guid.NewGuid():N}"[..25]));
        Directory.CreateDirectory(daemon.Root);
        BusyboxRootfs.Fill(daemon.SharedRootfs);
        daemon.ComeBack();
        return daemon;
    }

    /// <summary>A container id that was not used before, here or elsewhere.</summary>
    public string NewId(string prefix) => $"{prefix}{Interlocked.Increment(ref _lastNumber)}-{Mark}";

    /// <summary>Makes a new bundle in this daemon's state directory.</summary>
    public Bundle NewBundle(BundleSpec spec, string prefix = "c") =>
        Bundle.Create(Path.Combine(Root, "state", Namespace, NewId(prefix)), SharedRootfs, spec);

    /// <summary>Closes the socket for events and all connections to it, as the death of the daemon does.</summary>
    public async Task GoAwayAsync()
    {
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
            _endpoint = null;
        }
    }

    /// <summary>Opens the socket for events again.</summary>
    public void ComeBack() => _endpoint ??= new EventEndpoint(TtrpcAddress, Events, () => Answer);

    /// <summary>Ends the daemon's half of every connection for events.</summary>
    public void HalfClose() => _endpoint?.HalfClose();

    public async ValueTask DisposeAsync()
    {
        await GoAwayAsync();
        var cleanup = new Cleanup();
        await cleanup.TryAsync("unmount", () => Mounts.DetachBelow(Root));
        await cleanup.TryAsync("remove", () => Directory.Delete(Root, recursive: true));
        cleanup.ThrowIfAnythingFailed();
    }
}
