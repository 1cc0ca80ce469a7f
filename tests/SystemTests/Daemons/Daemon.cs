using Grpc.Core;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Daemons;

/// <summary>A containerd of a test's own: own root, state, socket and configuration; it can be killed and started again.</summary>
internal sealed class Daemon(string line, string directory, string nameSpace, Guard guard) : IDisposable
{
    private static readonly string[] Kubernetes = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime"];

    private static readonly string[] Unused =
    [
        "io.containerd.nri.v1.nri",
        "io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart", "io.containerd.monitor.container.v1.restart",
        "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
        "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs",
        "io.containerd.tracing.processor.v1.otlp",
    ];

    private DaemonClient? _client;

    public string Line => line;

    public string Directory => directory;

    public string Address { get; } = Path.Combine(directory, "containerd.sock");

    public string State { get; } = Path.Combine(directory, "state");

    public string LogFile { get; } = Path.Combine(directory, "containerd.log");

    public string TemporaryDirectory { get; } = Path.Combine(directory, "tmp");

    /// <summary>Searched before everything else for the shim.</summary>
    public string FirstInPath { get; init; } = RuntimeUnderTest.OwnBinDirectory;

    /// <summary>A program that starts the daemon; empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The part of the configuration that makes the daemon serve Kubernetes; null for a daemon without that service.</summary>
    public Func<Daemon, string>? KubernetesConfiguration { get; init; }

    public int Pid { get; private set; }

    /// <summary>How it was started, for the shell.</summary>
    public string StartCommand { get; private set; } = "";

    public DaemonClient Client => _client ?? throw new InvalidOperationException("the daemon does not run");

    /// <summary>Returns when the daemon answers.</summary>
    public async Task StartAsync()
    {
        System.IO.Directory.CreateDirectory(TemporaryDirectory);
        string bin = DaemonLine.BinDirectory(line);
        string path = $"{FirstInPath}:{bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        StartCommand = $"cd {directory} && exec env -i PATH={path} TMPDIR={TemporaryDirectory} {Prefix} {await CommandAsync(bin)} >>{LogFile} 2>&1";
        Pid = await guard.StartAsync(StartCommand);
        _client = new DaemonClient(Address, nameSpace);
        await Until.TrueAsync(() => (File.Exists(Address) && Answers()) || !ProcessTable.Exists(Pid), "the daemon answers");
        Assert.True(ProcessTable.Exists(Pid), "the daemon ended at once: " + await File.ReadAllTextAsync(LogFile));
    }

    /// <summary>SIGKILL; returns when it is reaped.</summary>
    public async Task KillAsync()
    {
        _client?.Dispose();
        await guard.EndAsync(Pid, "KILL");
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        await guard.EndAsync(Pid, "TERM");
    }

    public void Dispose() => _client?.Dispose();

    private async Task<string> CommandAsync(string bin)
    {
        if (line == DaemonLine.Own)
        {
            string settings = Path.Combine(directory, "shimstackd.toml");
            await File.WriteAllTextAsync(settings, OwnConfiguration(bin));
            return $"{RuntimeUnderTest.OwnBinDirectory}/shimstackd --config {settings}";
        }

        string configuration = Path.Combine(directory, "config.toml");
        await File.WriteAllTextAsync(configuration, Configuration());
        return $"{bin}/containerd --config {configuration}";
    }

    private bool Answers()
    {
        try
        {
            return Client.Version().Length > 0;
        }
        catch (RpcException)
        {
            // Not yet.
            return false;
        }
    }

    // The newest daemons have other names for the settings of Kubernetes, which they know from this number on.
    private string Configuration() =>
        $"""
        version = {(KubernetesConfiguration is not null && line == DaemonLine.Newest ? 3 : 2)}
        root = "{Path.Combine(directory, "root")}"
        state = "{State}"
        disabled_plugins = [{string.Join(", ", Disabled().Select(name => $"\"{name}\""))}]
        [grpc]
        address = "{Address}"
        {KubernetesConfiguration?.Invoke(this)}
        """;

    // The reference's name means ours here, unless it is said otherwise.
    private string OwnConfiguration(string bin)
    {
        string first = Path.Combine(FirstInPath, "containerd-shim-runc-v2");
        string reference = File.Exists(first) ? first : Path.Combine(bin, "containerd-shim-runc-v2");
        return $"""
            address = "{Address}"
            state = "{State}"
            root = "{Path.Combine(directory, "root")}"
            [runtimes]
            {(RuntimeUnderTest.IsReference ? $"\"{RuntimeUnderTest.Reference}\" = \"{reference}\"" : "")}
            """;
    }

    private string[] Disabled() => KubernetesConfiguration is null ? [.. Kubernetes, .. Unused] : Unused;
}
