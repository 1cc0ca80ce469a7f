using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Shims;

/// <summary>Removes what a session may have left on the machine, without any help of the shim.</summary>
internal sealed class SessionLeftovers(ShimSession session, SessionOptions options)
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Order: the shim first, so that it cannot add to what the later steps remove.</summary>
    internal async Task RemoveAsync(Cleanup cleanup)
    {
        await cleanup.TryAsync("kill shim", KillShimAsync);
        await cleanup.TryAsync("delete container", DeleteContainerAsync);
        await cleanup.TryAsync("unmount", () => Mounts.DetachBelow(session.Bundle.Path));
        await cleanup.TryAsync("remove cgroup", () => Cgroups.Remove(session.Bundle.CgroupPath));
        await cleanup.TryAsync("remove socket", () =>
        {
            File.Delete(SocketAddress.PathOf(session.Daemon.GrpcAddress, session.Daemon.Namespace, session.Id));
            File.Delete(SocketAddress.PathOf(session.Daemon.GrpcAddress, session.Daemon.Namespace, session.Id + "/debug"));
            if (session.Answer is { IsFileSystemSocket: true } answer)
            {
                File.Delete(answer.SocketPath);
            }
        });
    }

    private async Task KillShimAsync()
    {
        IEnumerable<RunningProcess> found = RunningProcess.Find(session.Bundle.Path, session.Id);
        foreach (RunningProcess process in session.Process is { IsAlive: true } known ? found.Append(known) : found)
        {
            process.Signal(LibC.SIGKILL);
            if (!await process.WaitForEndAsync(EndTimeout))
            {
                throw new TimeoutException($"process {process.Pid} survives SIGKILL");
            }
        }
    }

    private async Task DeleteContainerAsync()
    {
        string root = Path.Combine(session.Daemon.RuntimeRoot, session.Daemon.Namespace);
        if (Directory.Exists(Path.Combine(root, session.Id)))
        {
            string runtime = File.Exists(options.RuntimeBinary) ? options.RuntimeBinary : "runc";
            CommandResult result = await new Command(runtime, ["--root", root, "delete", "--force", session.Id]).RunAsync();
            result.EnsureSuccess("runc delete --force");
        }
    }
}
