using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Logs;
using ShimStack.Ctl.Streams;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Ctl.Containers;

/// <summary>Takes a container away with all that belongs to it: task, record, FIFOs, logs.</summary>
internal static class ContainerRemoval
{
    /// <exception cref="CtlException">There is none, or it runs and <paramref name="force"/> is not said.</exception>
    public static async Task RemoveAsync(DaemonClient client, string id, bool force, CancellationToken cancellation)
    {
        Container container = await ContainerRecords.GetAsync(client, id, cancellation);
        await EndPolicyAsync(client, container, force, cancellation);
        if (await ContainerRecords.TryGetTaskAsync(client, id, cancellation) is Process task)
        {
            if (task.Status != Status.Stopped)
            {
                await (force
                    ? ContainerEnd.KillAsync(client, id, task.Status, cancellation)
                    : throw StillThere(id, task.Status.ToString().ToLowerInvariant()));
            }

            await DeleteTaskAsync(client, id, cancellation);
            StdioFolder.Of(task.Stdout)?.Remove();
        }

        await DeleteRecordAsync(client, id, cancellation);
        if (container.Labels.TryGetValue(ContainerLabels.LogFile, out string? log))
        {
            LogLocation.Remove(log);
        }
    }

    // What waits between two runs is not at its end: as with one that runs, force must be said.
    private static async Task EndPolicyAsync(DaemonClient client, Container container, bool force, CancellationToken cancellation)
    {
        if (RestartLabels.PolicyOf(container) is null)
        {
            return;
        }

        if (force)
        {
            await ContainerRestarts.MarkStoppedAsync(client, container.Id, cancellation);
        }
        else if (await ContainerRestarts.FindAsync(client, container.Id, cancellation) is { State: RestartInfo.Types.State.Waiting })
        {
            throw StillThere(container.Id, "restarting");
        }
    }

    private static CtlException StillThere(string id, string state) => new($"{id} is {state}: end it with shimctl stop {id}, or say --force");

    /// <summary>Whether there was one or not.</summary>
    public static async Task DeleteTaskAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        try
        {
            DeleteTaskRequest request = new() { ContainerId = id };
            await RepeatedCall.MakeAsync(() => client.Tasks.DeleteAsync(request, cancellationToken: cancellation), cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // Somebody else was quicker.
        }
    }

    // It was there a moment ago.
    private static async Task DeleteRecordAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        try
        {
            DeleteContainerRequest request = new() { Id = id };
            await RepeatedCall.MakeAsync(() => client.Containers.DeleteAsync(request, cancellationToken: cancellation), cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // Somebody else was quicker, or the daemon that went away under the call had done it.
        }
    }
}
