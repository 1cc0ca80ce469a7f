using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Filters;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>What only reads. A list is never held up by one shim: what it does not say in time is unknown, but its task is in the list.</summary>
internal sealed class TaskQueries(TaskTable tasks, ShimCalls calls, TimeProvider time, ILogger<TaskQueries> logger)
{
    private static readonly TimeSpan StateLimit = TimeSpan.FromSeconds(2); // as containerd's; see contract chapter 9.1

    /// <summary>One process; waits as long as the caller does. A task that is deleted meanwhile is not found, once it is gone.</summary>
    /// <exception cref="RpcException">NotFound; what the shim said.</exception>
    public async Task<Process> GetAsync(SupervisedTask task, string execId, CancellationToken cancellation)
    {
        ShimConnection? asked = null;
        StateRequest request = new() { Id = task.Id, ExecId = execId };
        try
        {
            StateResponse state = await calls.AskAsync(
                task, shim => (asked = shim).CallAsync(TaskServices.State, request, StateResponse.Parser, cancellation), cancellation);
            return ProcessOf(task.Id, state);
        }
        catch (RpcException e) when (asked is { IsClosed: true } && e.Code == RpcCode.Unavailable)
        {
            await ((Task)task.LostExit).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            throw RpcException.NotFound($"task {task.Id} not found: it has just ended: not found");
        }
    }

    /// <summary>The init processes of a namespace.</summary>
    public Task<Process[]> ListAsync(string nameSpace, CancellationToken cancellation) =>
        Task.WhenAll(tasks.Of(nameSpace).ConvertAll(task => StateOfAsync(task, cancellation)));

    /// <summary>What shims count of their containers; of those that do not answer, nothing.</summary>
    public async Task<List<Metric>> MetricsAsync(string nameSpace, IReadOnlyList<string> filters, CancellationToken cancellation)
    {
        Filter wanted = Filter.Parse(filters);
        Metric?[] metrics = await Task.WhenAll(tasks.Of(nameSpace).FindAll(task => wanted.Matches(path => TaskFields.Of(task, path))).ConvertAll(task => MetricOfAsync(task, cancellation)));
        List<Metric> known = [];
        foreach (Metric? metric in metrics)
        {
            if (metric is not null)
            {
                known.Add(metric);
            }
        }

        return known;
    }

    private async Task<Process> StateOfAsync(SupervisedTask task, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StateLimit);
        try
        {
            return await GetAsync(task, "", limit.Token);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            logger.StateUnknown(task.Namespace, task.Id, e.Message);
            return new Process { ContainerId = task.Id, Id = task.Id, Status = Status.Unknown };
        }
    }

    private async Task<Metric?> MetricOfAsync(SupervisedTask task, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StateLimit);
        try
        {
            StatsResponse stats = await calls.AskAsync(
                task, shim => shim.CallAsync(TaskServices.Stats, new StatsRequest { Id = task.Id }, StatsResponse.Parser, limit.Token), limit.Token);
            return new Metric { Id = task.Id, Timestamp = Timestamp.FromDateTimeOffset(time.GetUtcNow()), Data = stats.Stats };
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            logger.NoMetrics(task.Namespace, task.Id, e.Message);
            return null;
        }
    }

    private static Process ProcessOf(string containerId, StateResponse state) => new()
    {
        ContainerId = containerId,
        Id = state.ExecId.Length > 0 ? state.ExecId : state.Id,
        Pid = state.Pid,
        Status = state.Status,
        Stdin = state.Stdin,
        Stdout = state.Stdout,
        Stderr = state.Stderr,
        Terminal = state.Terminal,
        ExitStatus = state.ExitStatus,
        ExitedAt = state.ExitedAt,
    };
}
