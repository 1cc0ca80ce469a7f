using ShimStack.Supervisor.Hosting;
using NamespacesApi = ShimStack.Api.Daemon.Namespaces;

namespace ShimStack.Supervisor.Namespaces;

/// <summary>Puts the namespaces into the daemon.</summary>
internal static class NamespacesFeature
{
    public static IServiceCollection AddNamespaces(this IServiceCollection services) =>
        services.AddSingleton<NamespaceStore>().AddSingleton<NamespacesService>();

    public static void MapNamespaces(this IEndpointRouteBuilder endpoints) => endpoints.MapService<NamespacesService>(NamespacesApi.BindService);
}
