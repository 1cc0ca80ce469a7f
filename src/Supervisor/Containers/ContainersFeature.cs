using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Containers;

/// <summary>The containers of the daemon.</summary>
internal sealed class ContainersFeature
{
    private const string Service = "containerd.services.containers.v1.Containers/";

    public ContainersFeature(DaemonSurroundings around, EventJournal journal)
    {
        Store = new ContainerStore(around.Database);
        ContainersService service = new(Store, journal, around.Time);
        around.Api
            .Unary(Service + nameof(service.Get), GetContainerRequest.Parser, GetContainerResponse.Parser, service.Get)
            .Unary(Service + nameof(service.List), ListContainersRequest.Parser, ListContainersResponse.Parser, service.List)
            .Stream(Service + nameof(service.ListStream), ListContainersRequest.Parser, GrpcMessages.Of(ListContainerMessage.Parser), service.ListStream)
            .Unary(Service + nameof(service.Create), CreateContainerRequest.Parser, CreateContainerResponse.Parser, service.Create)
            .Unary(Service + nameof(service.Update), UpdateContainerRequest.Parser, UpdateContainerResponse.Parser, service.Update)
            .Unary(Service + nameof(service.Delete), DeleteContainerRequest.Parser, Empty.Parser, service.Delete);
    }

    /// <summary>Their records.</summary>
    public ContainerStore Store { get; }
}
