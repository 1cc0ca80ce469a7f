using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Daemons;

/// <summary>Removes what a stage may have left on the machine, without any help of daemon or shims.</summary>
internal sealed class StageLeftovers(DaemonStage stage)
{
    private const int Sigkill = 9;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Throws if something could not be removed.</summary>
    internal async Task RemoveAsync()
    {
        var cleanup = new Cleanup();
        await cleanup.TryAsync("stop containerd", stage.Daemon.StopAsync);
        await cleanup.TryAsync("kill shims", () => KillAsync(stage.ShimProcesses()));
        await cleanup.TryAsync("kill containers", () => KillAsync(Containers()));
        await cleanup.TryAsync("unmount", () => Mounts.DetachBelow(stage.Directory));
        await cleanup.TryAsync("remove cgroups", () => Cgroups.RemoveTrees($"/{stage.Name}"));
        await cleanup.TryAsync("remove sockets", RemoveSockets);
        foreach (string directory in new[] { stage.Directory, $"/run/containerd/runc/{stage.Name}" }.Where(Directory.Exists))
        {
            await cleanup.TryAsync($"remove {directory}", () => Directory.Delete(directory, recursive: true));
        }

        cleanup.ThrowIfAnythingFailed();
    }

    private static async Task KillAsync(IReadOnlyList<RunningProcess> processes)
    {
        foreach (RunningProcess process in processes)
        {
            process.Signal(Sigkill);
        }

        foreach (RunningProcess process in processes)
        {
            if (!await process.WaitForEndAsync(EndTimeout))
            {
                throw new TimeoutException($"process {process.Pid} survives SIGKILL");
            }
        }
    }

    private RunningProcess[] Containers() =>
        [.. Cgroups.ProcessesBelow($"/{stage.Name}").Distinct().Select(pid => new RunningProcess(pid))];

    // Ids are counted: every socket that a shim of this stage may have had is known.
    private void RemoveSockets()
    {
        foreach (string id in stage.UsedIds())
        {
            File.Delete(SocketAddress.PathOf(stage.Daemon.Address, stage.Name, id));
        }
    }
}
