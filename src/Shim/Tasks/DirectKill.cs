using ShimStack.Api.Task;
using ShimStack.Native.Processes;
using ShimStack.Shim.Cgroups;

namespace ShimStack.Shim.Tasks;

/// <summary>
/// When a signal for an init need not go through the runtime, whose start takes longer than everything else. It is the same thing for an init
/// that runs: it is our child, and as long as it was not reaped, on this same thread, its pid is its own. SIGKILL is more than a signal where the
/// runtime also thaws a container or ends processes that do not end with their init.
/// </summary>
internal static class DirectKill
{
    public static bool IsTheSame(ContainerTask task, KillRequest request) =>
        !request.All
        && task.Init is { State: ProcessState.Created or ProcessState.Running, Pid: > 0 }
        && !task.InitReaped
        && (request.Signal != (uint)Signal.SIGKILL
            || (SpecFile.HasPrivatePidNamespace(task.Bundle) && !Freezer.IsFrozen(task.Cgroup)));
}
