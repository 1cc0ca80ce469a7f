using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Api.Types;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Logs;
using ShimStack.Ctl.Streams;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Ctl.Containers;

/// <summary>Takes a container away with all that belongs to it: task, record, FIFOs, logs.</summary>
internal static class ContainerRemoval
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="CtlException">There is none, or it runs and <paramref name="force"/> is not said.</exception>
    public static async Task RemoveAsync(DaemonClient client, string id, bool force, CancellationToken cancellation)
    {
        Container container = await ContainerRecords.GetAsync(client, id, cancellation);
        await EndPolicyAsync(client, container, force, cancellation);
        if (await ContainerRecords.TryGetTaskAsync(client, id, cancellation) is Process task)
        {
            if (task.Status != Status.Stopped)
            {
                await (force ? KillAsync(client, id, task.Status, cancellation) : throw StillThere(id, task.Status.ToString().ToLowerInvariant()));
            }

            await DeleteTaskAsync(client, id, cancellation);
            StdioFolder.Of(task.Stdout)?.Remove();
        }

        await client.Containers.DeleteAsync(new DeleteContainerRequest { Id = id }, cancellationToken: cancellation);
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

    /// <summary>SIGKILL to all of it; returns when it has ended.</summary>
    public static async Task KillAsync(DaemonClient client, string id, Status status, CancellationToken cancellation)
    {
        KillRequest kill = new() { ContainerId = id, Signal = (uint)Native.Processes.Signal.SIGKILL, All = true };
        try
        {
            await client.Tasks.KillAsync(kill, cancellationToken: cancellation);
            if (status == Status.Paused)
            {
                await ThawAsync(client, id, cancellation);
            }

            DateTime deadline = TimeProvider.System.GetUtcNow().Add(KillLimit).UtcDateTime;
            await client.Tasks.WaitAsync(new WaitRequest { ContainerId = id }, deadline: deadline, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
        {
            string since = $"{KillLimit.TotalSeconds} s after SIGKILL";
            throw new CtlException($"{id} has not ended {since}: look in /proc at what its processes wait for, and try again", inner: e);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // It has ended by itself, or its daemon has taken back a restart.
        }
    }

    /// <summary>Whether there was one or not.</summary>
    public static async Task DeleteTaskAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        try
        {
            await client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = id }, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // Somebody else was quicker.
        }
    }

    // What is frozen may not die before it is thawed (freezer in cgroups(7)); other kernels and shims have seen to that by now.
    private static async Task ThawAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        try
        {
            await client.Tasks.ResumeAsync(new ResumeTaskRequest { ContainerId = id }, cancellationToken: cancellation);
        }
        catch (RpcException e) when (!ConnectionLoss.Is(e))
        {
            // It has ended, or is about to: the wait for that tells.
        }
    }
}
