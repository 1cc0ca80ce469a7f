using System.CommandLine;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Api.Types;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl ps`: every container of the namespace, and what runs in it.</summary>
internal static class PsCommand
{
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Names alone" };

    public static Command Create()
    {
        Command command = new("ps", "Lists containers: state, pid, since when") { Quiet };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            await ListAsync(scope, result.GetValue(Quiet));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task ListAsync(CommandScope scope, bool quiet)
    {
        ListContainersResponse containers = await scope.Client.Containers.ListAsync(new ListContainersRequest(), cancellationToken: scope.Cancellation);
        ListTasksResponse tasks = await scope.Client.Tasks.ListAsync(new ListTasksRequest(), cancellationToken: scope.Cancellation);
        Dictionary<string, RestartInfo> restarts = await ContainerRestarts.ListAsync(scope.Client, scope.Cancellation);
        Dictionary<string, Process> byId = tasks.Tasks.ToDictionary(task => task.Id);
        ContainerLine[] lines = [.. containers.Containers
            .OrderBy(container => container.CreatedAt?.ToDateTimeOffset())
            .Select(container => new ContainerLine(container, byId.GetValueOrDefault(container.Id)) { Restart = restarts.GetValueOrDefault(container.Id) })];
        ContainerLines.Show(scope.Screen, lines, quiet, TimeProvider.System.GetUtcNow());
    }
}
