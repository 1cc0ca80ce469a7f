using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Namespaces;

/// <summary>Puts the namespaces into the daemon.</summary>
internal static class NamespacesFeature
{
    private const string Service = "containerd.services.namespaces.v1.Namespaces/";

    public static IServiceCollection AddNamespaces(this IServiceCollection services) =>
        services.AddSingleton<NamespaceStore>().AddSingleton<NamespacesService>();

    public static void MapNamespaces(this IServiceProvider services)
    {
        NamespacesService service = services.GetRequiredService<NamespacesService>();
        ApiMethods.Of(services)
            .Unary(Service + nameof(service.Get), GetNamespaceRequest.Parser, GetNamespaceResponse.Parser, service.Get)
            .Unary(Service + nameof(service.List), ListNamespacesRequest.Parser, ListNamespacesResponse.Parser, service.List)
            .Unary(Service + nameof(service.Create), CreateNamespaceRequest.Parser, CreateNamespaceResponse.Parser, service.Create)
            .Unary(Service + nameof(service.Update), UpdateNamespaceRequest.Parser, UpdateNamespaceResponse.Parser, service.Update)
            .Unary(Service + nameof(service.Delete), DeleteNamespaceRequest.Parser, Empty.Parser, service.Delete);
    }
}
