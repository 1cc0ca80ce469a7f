using Microsoft.Extensions.Logging;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Parking;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Settings;

namespace ShimStack.Shim.Tasks;

/// <summary>What the operations on tasks share.</summary>
internal sealed record TaskParts(
    string Namespace,
    TaskTable Tasks,
    TaskEvents Events,
    ExitHandler Exits,
    ExitDelivery Delivery,
    ProcessLauncher Launcher,
    RuntimeFactory Runtimes,
    TaskRootfs Rootfs,
    ShimSettings Settings,
    TaskCgroups Cgroups,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>Where is left what must not close with the shim; null under a daemon that does not want it.</summary>
    public ShimParking? Parking { get; init; }
}
