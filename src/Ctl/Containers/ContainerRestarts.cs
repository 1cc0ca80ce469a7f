using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Connection;

namespace ShimStack.Ctl.Containers;

/// <summary>What the daemon does about a container that ends: asked, and told.</summary>
internal static class ContainerRestarts
{
    /// <summary>By container; empty if the daemon is none that keeps policies itself.</summary>
    public static async Task<Dictionary<string, RestartInfo>> ListAsync(DaemonClient client, CancellationToken cancellation)
    {
        try
        {
            ListRestartsResponse list = await client.Restarts.ListAsync(new ListRestartsRequest(), cancellationToken: cancellation);
            return list.Containers.ToDictionary(info => info.ContainerId);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return [];
        }
    }

    public static async Task<RestartInfo?> FindAsync(DaemonClient client, string id, CancellationToken cancellation) =>
        (await ListAsync(client, cancellation)).GetValueOrDefault(id);

    /// <summary>Says that it is stopped on purpose; first of all, or its policy would start it again behind our back.</summary>
    /// <returns>Whether it has a policy.</returns>
    public static async Task<bool> MarkStoppedAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        try
        {
            Container container = await ContainerRecords.GetAsync(client, id, cancellation);
            if (RestartLabels.PolicyOf(container) is null)
            {
                return false;
            }

            await RelabelAsync(client, id, new() { [RestartLabels.Stopped] = "true" }, cancellation);
            return true;
        }
        catch (CtlException)
        {
            return false; // there is no record of it, and so no policy
        }
    }

    /// <summary>Changes some of its labels; an empty one goes.</summary>
    public static async Task RelabelAsync(DaemonClient client, string id, Dictionary<string, string> labels, CancellationToken cancellation)
    {
        Container given = new() { Id = id };
        given.Labels.Add(labels);
        FieldMask mask = new();
        mask.Paths.AddRange(labels.Keys.Select(label => "labels." + label));
        UpdateContainerRequest request = new() { Container = given, UpdateMask = mask };
        await RepeatedCall.MakeAsync(() => client.Containers.UpdateAsync(request, cancellationToken: cancellation), cancellation);
    }
}
