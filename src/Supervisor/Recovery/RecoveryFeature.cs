using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor.Recovery;

/// <summary>What finds tasks again.</summary>
internal sealed class RecoveryFeature(DaemonSurroundings around, EventsFeature events, ContainersFeature containers, TasksFeature tasks)
{
    /// <summary>How long it took.</summary>
    public RecoveryTime Took { get; } = new();

    /// <inheritdoc cref="TaskRecovery.BeginAsync"/>
    public Task<Task> BeginAsync()
    {
        TaskScan scan = new(tasks.Bundles, containers.Store, tasks.Binaries, around.Logger<TaskScan>());
        return new TaskRecovery(
            around.Settings, scan, tasks.Table, tasks.Connector, tasks.Loss, tasks.Undo, events.Processes, new ExitReconciliation(events.Journal),
            tasks.Parking.Replacement, Took, around.Time, around.Logger<TaskRecovery>()).BeginAsync();
    }
}
