using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor.Restart;

/// <summary>The tasks, for those who see to what should run: a shim that does not answer holds them up until the daemon ends, and no longer.</summary>
internal sealed class Runs(TaskTable tasks, TaskQueries queries, DaemonEnd daemon)
{
    /// <summary>All of them.</summary>
    public TaskTable Tasks => tasks;

    /// <summary>Nothing is to be begun any more.</summary>
    public bool AreLeft => daemon.Begun.IsCancellationRequested;

    /// <summary>What there is of a container's task.</summary>
    /// <exception cref="Ttrpc.RpcException">The shim lives, and does not say.</exception>
    /// <exception cref="OperationCanceledException">The daemon ends.</exception>
    public Task<RunView> SeeAsync(string nameSpace, string id) => RunView.OfAsync(tasks, queries, nameSpace, id, daemon.Begun);
}
