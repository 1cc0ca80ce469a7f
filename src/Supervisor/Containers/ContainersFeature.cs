using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Containers;

/// <summary>Puts the containers into the daemon.</summary>
internal static class ContainersFeature
{
    private const string Service = "containerd.services.containers.v1.Containers/";

    public static IServiceCollection AddContainers(this IServiceCollection services) =>
        services.AddSingleton<ContainerStore>().AddSingleton<ContainersService>();

    public static void MapContainers(this IServiceProvider services)
    {
        ContainersService service = services.GetRequiredService<ContainersService>();
        ApiMethods.Of(services)
            .Unary(Service + nameof(service.Get), GetContainerRequest.Parser, GetContainerResponse.Parser, service.Get)
            .Unary(Service + nameof(service.List), ListContainersRequest.Parser, ListContainersResponse.Parser, service.List)
            .Stream(Service + nameof(service.ListStream), ListContainersRequest.Parser, GrpcMessages.Of(ListContainerMessage.Parser), service.ListStream)
            .Unary(Service + nameof(service.Create), CreateContainerRequest.Parser, CreateContainerResponse.Parser, service.Create)
            .Unary(Service + nameof(service.Update), UpdateContainerRequest.Parser, UpdateContainerResponse.Parser, service.Update)
            .Unary(Service + nameof(service.Delete), DeleteContainerRequest.Parser, Empty.Parser, service.Delete);
    }
}
