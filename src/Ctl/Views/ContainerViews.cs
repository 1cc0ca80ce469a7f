using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Shims;

namespace ShimStack.Ctl.Views;

/// <summary>One container, seen three times. What cannot be seen from here says why, and is never made up.</summary>
internal sealed record ContainerViews(DaemonView Daemon, ShimView Shim, KernelView Kernel)
{
    public static async Task<ContainerViews> ReadAsync(
        DaemonClient client, string nameSpace, Container container, Process? task, CancellationToken cancellation)
    {
        DaemonView daemon = await DaemonView.ReadAsync(client, container, task, cancellation);
        if (daemon.DaemonPid is not int pid)
        {
            string reason = $"the daemon at {client.Address} is not among the processes that are seen here, but of another machine or pid namespace";
            return new(daemon, new ShimView { NotSeen = reason }, new KernelView { NotSeen = reason });
        }

        KernelFiles kernel = new();
        string? socket = ShimAddresses.Find(kernel, DaemonFolders.Of(kernel, pid), nameSpace, container.Id, daemon.Pid);
        ShimView shim = socket is not null ? await ShimView.ReadAsync(socket, container.Id, cancellation)
            : new ShimView { NotSeen = task is null ? "nothing runs, so there is none" : NoSocket() };
        return new(daemon, shim, KernelView.Read(kernel, shim.Pid > 0 ? shim.Pid : daemon.Pid, shim.ShimPid));
    }

    private static string NoSocket() => Native.Processes.CurrentProcess.EffectiveUserId == 0
        ? "there is no bundle that says where it listens"
        : "only root may look into its bundle for where it listens";
}
