using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Filters;
using ShimStack.Supervisor.Hosting;
using ContainersApi = ShimStack.Api.Daemon.Containers;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Containers;

/// <summary>containerd.services.containers.v1. As in containerd, a record may be deleted while its task runs: clients see to that order.</summary>
internal sealed class ContainersService(ContainerStore store, EventJournal journal, TimeProvider time) : ContainersApi.ContainersBase
{
    public override async Task<GetContainerResponse> Get(GetContainerRequest request, ServerCallContext context) => new()
    {
        Container = await store.GetAsync(RequestNamespace.Of(context), request.Id),
    };

    public override async Task<ListContainersResponse> List(ListContainersRequest request, ServerCallContext context) => new()
    {
        Containers = { await ListAsync(request, context) },
    };

    public override async Task ListStream(ListContainersRequest request, IServerStreamWriter<ListContainerMessage> responseStream, ServerCallContext context)
    {
        foreach (Container container in await ListAsync(request, context))
        {
            await responseStream.WriteAsync(new ListContainerMessage { Container = container }, context.CancellationToken);
        }
    }

    public override async Task<CreateContainerResponse> Create(CreateContainerRequest request, ServerCallContext context)
    {
        string nameSpace = RequestNamespace.Of(context);
        Container container = request.Container ?? throw RpcException.InvalidArgument("container must be set: invalid argument");
        ContainerRules.Require("create container", container);
        container.CreatedAt = container.UpdatedAt = time.GetUtcNow().ToTimestamp();
        await store.CreateAsync(nameSpace, container);
        ContainerCreate told = new()
        {
            Id = container.Id,
            Image = container.Image,
            Runtime = new ContainerCreate.Types.Runtime { Name = container.Runtime.Name, Options = container.Runtime.Options },
        };
        await journal.PublishAsync(nameSpace, Topics.ContainerCreate, TypeUrls.ContainerCreate, told);
        return new CreateContainerResponse { Container = container };
    }

    public override async Task<UpdateContainerResponse> Update(UpdateContainerRequest request, ServerCallContext context)
    {
        Container given = request.Container ?? throw RpcException.InvalidArgument("container must be set: invalid argument");
        if (given.Id.Length == 0)
        {
            throw RpcException.InvalidArgument("Container.ID required");
        }

        string nameSpace = RequestNamespace.Of(context);
        Container updated = await store.UpdateAsync(nameSpace, given.Id, container =>
        {
            ContainerRules.Apply(container, given, request.UpdateMask?.Paths ?? []);
            ContainerRules.Require("update", container);
            container.UpdatedAt = time.GetUtcNow().ToTimestamp();
        });
        ContainerUpdate told = new() { Id = updated.Id, Image = updated.Image, Labels = { updated.Labels }, SnapshotKey = updated.SnapshotKey };
        await journal.PublishAsync(nameSpace, Topics.ContainerUpdate, TypeUrls.ContainerUpdate, told);
        return new UpdateContainerResponse { Container = updated };
    }

    public override async Task<Empty> Delete(DeleteContainerRequest request, ServerCallContext context)
    {
        string nameSpace = RequestNamespace.Of(context);
        await store.DeleteAsync(nameSpace, request.Id);
        await journal.PublishAsync(nameSpace, Topics.ContainerDelete, TypeUrls.ContainerDelete, new ContainerDelete { Id = request.Id });
        return new Empty();
    }

    private async Task<List<Container>> ListAsync(ListContainersRequest request, ServerCallContext context)
    {
        string nameSpace = RequestNamespace.Of(context);
        Filter filter = Filter.Parse(request.Filters);
        List<Container> containers = await store.ListAsync(nameSpace);
        if (!filter.TakesAll)
        {
            containers.RemoveAll(container => !filter.Matches(ContainerRules.Fields(container)));
        }

        return containers;
    }
}
