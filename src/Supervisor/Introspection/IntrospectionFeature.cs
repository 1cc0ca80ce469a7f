using Grpc.Health.V1;
using Grpc.HealthCheck;
using ShimStack.Supervisor.Hosting;
using IntrospectionApi = ShimStack.Api.Daemon.Introspection;
using VersionApi = ShimStack.Api.Daemon.Version;

namespace ShimStack.Supervisor.Introspection;

/// <summary>Puts what the daemon says of itself into it: version, parts, health.</summary>
internal static class IntrospectionFeature
{
    public static IServiceCollection AddIntrospection(this IServiceCollection services)
    {
        HealthServiceImpl health = new();
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving); // all of it, as in containerd
        return services.AddSingleton(health).AddSingleton<ServerIdentity>().AddSingleton<VersionService>().AddSingleton<IntrospectionService>();
    }

    public static void MapIntrospection(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapService<VersionService>(VersionApi.BindService);
        endpoints.MapService<IntrospectionService>(IntrospectionApi.BindService);
        endpoints.MapService<HealthServiceImpl>(Health.BindService);
    }
}
