using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Logs;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Ctl.Containers;

/// <summary>Starts a container again that has ended: what is left of its last run goes, its log goes on.</summary>
internal static class ContainerStart
{
    /// <exception cref="CtlException">It runs, or only a client in front of it could start it.</exception>
    public static async Task StartAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        Container container = await ContainerRecords.GetAsync(client, id, cancellation);
        if (!container.Labels.TryGetValue(ContainerLabels.LogFile, out string? log))
        {
            throw new CtlException($"{id} ran in front of somebody, and has no log to go on with: remove it with shimctl rm {id}, and run it again");
        }

        if (container.Labels.ContainsKey(RestartLabels.Stopped))
        {
            await ContainerRestarts.RelabelAsync(client, id, new() { [RestartLabels.Stopped] = "" }, cancellation);
        }

        Process? task = await ContainerRecords.TryGetTaskAsync(client, id, cancellation);
        if (task is { Status: not (Status.Stopped or Status.Created) })
        {
            throw Runs(id, task.Status);
        }

        if (task is null or { Status: Status.Stopped })
        {
            await ContainerRemoval.DeleteTaskAsync(client, id, cancellation);
            await CreateAsync(client, CreateRequest(container, log), cancellation);
        }

        await client.Tasks.StartAsync(new StartRequest { ContainerId = id }, cancellationToken: cancellation);
    }

    /// <summary>How its task is asked for, each time.</summary>
    public static CreateTaskRequest CreateRequest(Container container, string log)
    {
        bool terminal = Json.TryUnpack(container.Spec)?["process"]?["terminal"]?.GetValue<bool>() ?? false;
        string uri = LogLocation.Uri(log);
        return new CreateTaskRequest { ContainerId = container.Id, Stdout = uri, Stderr = terminal ? "" : uri, Terminal = terminal };
    }

    private static async Task CreateAsync(DaemonClient client, CreateTaskRequest request, CancellationToken cancellation)
    {
        try
        {
            await client.Tasks.CreateAsync(request, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            throw Runs(request.ContainerId, Status.Running); // its policy was quicker
        }
    }

    private static CtlException Runs(string id, Status status) =>
        new($"{id} is {status.ToString().ToLowerInvariant()} already: end it first with shimctl stop {id}");
}
