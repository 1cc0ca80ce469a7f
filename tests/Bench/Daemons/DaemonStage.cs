using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Host;
using ShimStack.Wire.Containers;
using ShimStack.Wire.Tasks;

namespace ShimStack.Bench.Daemons;

/// <summary>
/// A daemon with everything that its containers need, in one folder of /run. Every shim is there under a name of its own (a link), and none
/// under the name for which clients have special cases. Disposing of it leaves nothing behind.
/// </summary>
internal sealed class DaemonStage : IAsyncDisposable
{
    private const int Sigkill = 9;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private int _lastNumber;

    private DaemonStage(Func<string, string, IDaemon> daemon)
    {
        Name = $"shimstack-bench-{Guid.NewGuid():N}"[..24];
        Directory = Path.Combine("/run", Name);
        Shims = Path.Combine(Directory, "shims");
        Daemon = daemon(Directory, Shims);
        Api = Connect();
    }

    /// <summary>Also the namespace, and the cgroup above those of all containers.</summary>
    internal string Name { get; }

    internal string Directory { get; }

    internal string Rootfs => Path.Combine(Directory, "rootfs");

    internal IDaemon Daemon { get; }

    internal DaemonApi Api { get; private set; }

    private string Shims { get; }

    /// <summary>Starts a containerd of the line, with these shims.</summary>
    internal static Task<DaemonStage> StartAsync(string line, IEnumerable<Contender> contenders, CancellationToken cancellation) =>
        StartAsync((directory, shims) => new Containerd(line, directory, shims), contenders, cancellation);

    /// <summary>Starts a daemon that is made of a folder of its own and the folder of shims.</summary>
    internal static async Task<DaemonStage> StartAsync(
        Func<string, string, IDaemon> daemon, IEnumerable<Contender> contenders, CancellationToken cancellation)
    {
        var stage = new DaemonStage(daemon);
        try
        {
            System.IO.Directory.CreateDirectory(stage.Shims);
            BusyboxRootfs.Fill(stage.Rootfs);
            foreach (Contender contender in contenders)
            {
                File.CreateSymbolicLink(Path.Combine(stage.Shims, $"containerd-shim-{Word(contender)}-v2"), contender.Shim.BinaryPath);
            }

            stage.Daemon.Start();
            await stage.Api.WaitForTasksAsync(0, StartLimit, cancellation);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL for the daemon, and a new one, which does not answer yet. Connections to the old one are given up.</summary>
    internal async Task RestartDaemonAsync()
    {
        await Daemon.KillAsync();
        Api.Dispose();
        Api = Connect();
        Daemon.Start();
    }

    /// <summary>What containerd calls the shim.</summary>
    internal static string RuntimeName(Contender contender) => $"io.containerd.{Word(contender)}.v2";

    /// <summary>A container id that was not used before.</summary>
    internal string NewId() => Id(Interlocked.Increment(ref _lastNumber));

    /// <summary>Every id that was ever given.</summary>
    internal IEnumerable<string> UsedIds() => Enumerable.Range(1, _lastNumber).Select(Id);

    /// <summary>Record, task, start, without streams. Returns the pid of the init.</summary>
    internal async Task<int> RunContainerAsync(string id, Contender contender, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var spec = new BundleSpec { Arguments = arguments };
        ByteString document = ByteString.CopyFromUtf8(OciDocument.Container(spec, "rootfs", $"/{Name}/{id}").ToJsonString());
        var record = new Container
        {
            Id = id,
            Runtime = new Container.Types.Runtime { Name = RuntimeName(contender) },
            Spec = new Any { TypeUrl = TypeUrls.OciSpec, Value = document },
        };
        await Api.Containers.CreateAsync(new CreateContainerRequest { Container = record }, cancellationToken: cancellation);
        var options = new Options { Root = Path.Combine(Directory, "runc") };
        var create = new CreateTaskRequest
        {
            ContainerId = id,
            Rootfs = { new Mount { Type = "bind", Source = Rootfs, Options = { "rbind", "ro" } } },
            Options = new Any { TypeUrl = TypeUrls.RuncOptions, Value = options.ToByteString() },
        };
        CreateTaskResponse created = await Api.Tasks.CreateAsync(create, cancellationToken: cancellation);
        await Api.Tasks.StartAsync(new StartRequest { ContainerId = id }, cancellationToken: cancellation);
        return (int)created.Pid;
    }

    /// <summary>Ends a container, unless it has ended by itself, and removes task and record.</summary>
    internal async Task RemoveContainerAsync(string id, bool kill, CancellationToken cancellation)
    {
        Task<WaitResponse> end = Api.Tasks.WaitAsync(new WaitRequest { ContainerId = id }, cancellationToken: cancellation).ResponseAsync;
        if (kill)
        {
            await Api.Tasks.KillAsync(new KillRequest { ContainerId = id, Signal = Sigkill }, cancellationToken: cancellation);
        }

        await end;
        await Api.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = id }, cancellationToken: cancellation);
        await Api.Containers.DeleteAsync(new DeleteContainerRequest { Id = id }, cancellationToken: cancellation);
    }

    /// <summary>The shims' servers that run now: their command line has the namespace, and no action at its end.</summary>
    internal IReadOnlyList<RunningProcess> ShimProcesses() =>
        [.. RunningProcess.WithArguments(arguments => arguments.Contains(Name) && !arguments.Contains("start") && !arguments.Contains("delete"))];

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await new StageLeftovers(this).RemoveAsync();
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"c{number}");

    private DaemonApi Connect() => new(Daemon.Address, Name);

    private static string Word(Contender contender) => contender.Name.Replace(".", "", StringComparison.Ordinal);
}
