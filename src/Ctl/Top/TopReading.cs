using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Top;

/// <summary>What all containers of a namespace have used up to one moment.</summary>
internal sealed record TopReading(DateTimeOffset Time, IReadOnlyList<ContainerLine> Lines, IReadOnlyDictionary<string, Usage> Usages)
{
    /// <param name="client">The daemon.</param>
    /// <param name="ids">Which ones; none for all that run.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public static async Task<TopReading> TakeAsync(DaemonClient client, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        ListContainersResponse containers = await client.Containers.ListAsync(new ListContainersRequest(), cancellationToken: cancellation);
        ListTasksResponse tasks = await client.Tasks.ListAsync(new ListTasksRequest(), cancellationToken: cancellation);
        MetricsResponse metrics = await client.Tasks.MetricsAsync(new MetricsRequest(), cancellationToken: cancellation);
        Dictionary<string, RestartInfo> restarts = await ContainerRestarts.ListAsync(client, cancellation);
        Dictionary<string, Process> byId = tasks.Tasks.ToDictionary(task => task.Id);
        return new TopReading(
            TimeProvider.System.GetUtcNow(),
            [.. containers.Containers
                .Select(container => new ContainerLine(container, byId.GetValueOrDefault(container.Id)) { Restart = restarts.GetValueOrDefault(container.Id) })
                .Where(line => ids.Count == 0 ? Runs(line) : ids.Contains(line.Container.Id))],
            metrics.Metrics.Select(Usage.Of).ToDictionary(usage => usage.Id));
    }

    private static bool Runs(ContainerLine line) => line.IsRestarting || line.Task is { Status: not Status.Stopped };
}
