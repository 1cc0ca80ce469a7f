using ShimStack.Supervisor.Hosting;
using ContainersApi = ShimStack.Api.Daemon.Containers;

namespace ShimStack.Supervisor.Containers;

/// <summary>Puts the containers into the daemon.</summary>
internal static class ContainersFeature
{
    public static IServiceCollection AddContainers(this IServiceCollection services) =>
        services.AddSingleton<ContainerStore>().AddSingleton<ContainersService>();

    public static void MapContainers(this IEndpointRouteBuilder endpoints) => endpoints.MapService<ContainersService>(ContainersApi.BindService);
}
