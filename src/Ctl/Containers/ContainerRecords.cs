using Grpc.Core;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>Containers as the daemon keeps them: made, found.</summary>
internal static class ContainerRecords
{
    /// <summary>Makes the record; there is no process yet.</summary>
    /// <param name="client">The daemon.</param>
    /// <param name="settings">What is wanted.</param>
    /// <param name="logFile">Where its output goes; null for a client that reads it.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task CreateAsync(DaemonClient client, RunSettings settings, string? logFile, CancellationToken cancellation)
    {
        Container container = new()
        {
            Id = settings.Id,
            Runtime = new Container.Types.Runtime { Name = settings.Runtime },
            Spec = OciDocument.Pack(TypeUrls.OciSpec, SpecBuilder.Create(settings)),
        };
        if (logFile is not null)
        {
            container.Labels[ContainerLabels.LogFile] = logFile;
            container.Labels.Add(RestartLabels.Of(settings.Restart, logFile));
        }

        if (settings.Remove)
        {
            container.Labels[ContainerLabels.Remove] = "true";
        }

        try
        {
            await client.Containers.CreateAsync(new CreateContainerRequest { Container = container }, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            string id = settings.Id;
            throw new CtlException($"there is a container {id} already: choose another --name, or remove that one with shimctl rm {id}", inner: e);
        }
    }

    /// <exception cref="CtlException">There is none.</exception>
    public static async Task<Container> GetAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        try
        {
            return (await client.Containers.GetAsync(new GetContainerRequest { Id = id }, cancellationToken: cancellation)).Container;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            throw new CtlException($"there is no container {id}: shimctl ps shows those of this namespace", inner: e);
        }
    }

    /// <summary>What runs or ran in it; null if nothing is left of that.</summary>
    public static async Task<Process?> TryGetTaskAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        try
        {
            return (await client.Tasks.GetAsync(new GetRequest { ContainerId = id }, cancellationToken: cancellation)).Process;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
