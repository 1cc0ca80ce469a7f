using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Comparison;

/// <summary>Debian's newest containerd, on a socket of its own and without everything that runs containers.</summary>
internal sealed class RealContainerd : IDisposable
{
    private static readonly string Program = Path.Join(Environment.GetEnvironmentVariable("SHIMSTACK_CACHE") ?? "/var/cache/shimstack", "containerd-2.x/usr/bin/containerd");
    private readonly string _directory = Directory.CreateTempSubdirectory("containerd-").FullName;
    private readonly Process _process;

    private RealContainerd()
    {
        string configuration = Path.Join(_directory, "config.toml");
        string socket = Path.Join(_directory, "c.sock");
        File.WriteAllText(
            configuration,
            $"""
            version = 2
            root = "{_directory}/root"
            state = "{_directory}/state"
            disabled_plugins = ["io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.grpc.v1.cri", "io.containerd.nri.v1.nri"]
            [grpc]
            address = "{socket}"
            [ttrpc]
            address = "{socket}.ttrpc"
            """);
        _process = Process.Start(new ProcessStartInfo(Program, ["--config", configuration]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { }; // read, so that it never waits for us
        _process.BeginErrorReadLine();
        Client = new ApiClient(socket);
    }

    public ApiClient Client { get; }

    /// <summary>Returns when it answers; skips the test where there is none.</summary>
    public static async Task<RealContainerd> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Program) && Environment.IsPrivilegedProcess, $"{Program} is not there, or we are not root");
        RealContainerd started = new();
        for (int i = 0; i < 200; i++)
        {
            try
            {
                await started.Client.CallAsync<VersionResponse>("containerd.services.version.v1.Version/Version", new Empty());
                return started;
            }
            catch (RpcException) when (!started._process.HasExited)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken); // there is nothing to wait for but its answer
            }
        }

        started.Dispose();
        throw new TimeoutException("containerd does not answer");
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill();
        _process.WaitForExit(TimeSpan.FromSeconds(10));
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
