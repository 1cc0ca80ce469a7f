using Grpc.Health.V1;
using Grpc.HealthCheck;

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
        endpoints.MapGrpcService<VersionService>();
        endpoints.MapGrpcService<IntrospectionService>();
        endpoints.MapGrpcService<HealthServiceImpl>();
    }
}
