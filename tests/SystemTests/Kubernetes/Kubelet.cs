using Grpc.Core;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>Plays kubelet's part against the daemon of a stage that serves Kubernetes.</summary>
internal sealed class Kubelet
{
    // The service keeps everything of Kubernetes in this one.
    private const string Namespace = "k8s.io";

    // A condition that tells of the configuration and not of what works.
    private const string DeprecationWarnings = "ContainerdHasNoDeprecationWarnings";

    private readonly List<string> _pods = [];

    private Kubelet(Stage stage) => Stage = stage;

    public Stage Stage { get; }

    public RuntimeService.RuntimeServiceClient Service => Stage.Client.Pods;

    /// <summary>Runs a test against a daemon that uses the shim under test.</summary>
    /// <param name="column">One of <see cref="CriLine"/>.</param>
    /// <param name="test">The test. It removes its pods; nothing may be left.</param>
    /// <param name="shim">The runtime's name, by default that of the shim under test.</param>
    /// <param name="firstInPath">Where the daemon looks for the shim first.</param>
    public static Task RunAsync(string column, Func<Kubelet, Task> test, string? shim = null, string? firstInPath = null)
    {
        CriLine.RequirePlugins();
        return Stage.RunAsync(CriLine.Daemon(column), stage => RunAsync(stage, test), new StageSettings
        {
            Namespace = Namespace,
            FirstInPath = firstInPath,
            DaemonPrefix = PodNetwork.DaemonPrefix,
            KubernetesConfiguration = new CriConfiguration(shim ?? RuntimeUnderTest.Name).For,
            Prepare = PrepareAsync,
        });
    }

    /// <summary>SIGKILL for the daemon.</summary>
    public Task KillDaemonAsync() => Stage.Daemon.KillAsync();

    public async Task StartDaemonAsync()
    {
        await Stage.Daemon.StartAsync();
        await UntilReadyAsync();
    }

    /// <summary>How many processes of the stage run this command.</summary>
    public int Count(string command) => Stage.Guard.Processes().Count(line => line.EndsWith(' ' + command, StringComparison.Ordinal));

    public void Remember(string pod)
    {
        _pods.Add(pod);
        Stage.Remember(pod);
    }

    private static async Task PrepareAsync(Stage stage)
    {
        await File.WriteAllTextAsync(CriConfiguration.OptionsFile(stage.Directory), CriConfiguration.RuntimeOptions(stage.Directory));
        await PodNetwork.CreateAsync(stage);
    }

    private static async Task RunAsync(Stage stage, Func<Kubelet, Task> test)
    {
        Kubelet kubelet = new(stage);
        await kubelet.UntilReadyAsync();
        await PodImage.ImportAsync(stage);
        try
        {
            await test(kubelet);
            Assert.Equal([], kubelet._pods.SelectMany(PodNetwork.Remembered));
            await PodNetwork.RemoveAsync(stage);
        }
        finally
        {
            foreach (string file in kubelet._pods.SelectMany(PodNetwork.Remembered))
            {
                File.Delete(file);
            }
        }
    }

    // The service looks for its pods after the daemon has begun to answer.
    private Task UntilReadyAsync() => Until.TrueAsync(IsReady, "the service for Kubernetes is ready");

    private bool IsReady()
    {
        try
        {
            RuntimeStatus status = Service.Status(new StatusRequest()).Status;
            return status.Conditions.All(condition => condition.Status || condition.Type == DeprecationWarnings);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Unimplemented or StatusCode.Unknown)
        {
            // Not yet.
            return false;
        }
    }
}
