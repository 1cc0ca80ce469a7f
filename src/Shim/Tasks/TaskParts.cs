using Microsoft.Extensions.Logging;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
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
    ILogger Logger);
