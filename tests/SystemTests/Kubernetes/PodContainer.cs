using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>A container of a pod and what kubelet does with it.</summary>
internal sealed class PodContainer(Kubelet kubelet, string id, string logFile)
{
    public string Id => id;

    private RuntimeService.RuntimeServiceClient Service => kubelet.Service;

    /// <summary>The lines of the log so far, as the daemon writes them.</summary>
    public string[] LogLines() => File.Exists(logFile) ? File.ReadAllLines(logFile) : [];

    /// <summary>The last word of each whole line of the log.</summary>
    public string[] Words() => [.. LogLines().Select(line => line.Split(' ')[^1])];

    public async Task StartAsync() => await Service.StartContainerAsync(new StartContainerRequest { ContainerId = id });

    public async Task<ContainerStatus> StatusAsync() =>
        (await Service.ContainerStatusAsync(new ContainerStatusRequest { ContainerId = id })).Status;

    public async Task<int> PidAsync() =>
        Pod.PidIn((await Service.ContainerStatusAsync(new ContainerStatusRequest { ContainerId = id, Verbose = true })).Info["info"]);

    /// <summary>Its status, once the daemon knows that it has ended.</summary>
    public async Task<ContainerStatus> ExitedAsync()
    {
        await Until.TrueAsync(() => StatusAsync().Result.State == ContainerState.ContainerExited, $"container {id} ends");
        return await StatusAsync();
    }

    public async Task<ExecSyncResponse> ExecAsync(string[] command, int seconds = 0) =>
        await Service.ExecSyncAsync(new ExecSyncRequest { ContainerId = id, Cmd = { command }, Timeout = seconds });

    /// <summary>SIGTERM, and SIGKILL after <paramref name="seconds"/>.</summary>
    public async Task StopAsync(int seconds) =>
        await Service.StopContainerAsync(new StopContainerRequest { ContainerId = id, Timeout = seconds });

    public async Task RemoveAsync() => await Service.RemoveContainerAsync(new RemoveContainerRequest { ContainerId = id });
}
