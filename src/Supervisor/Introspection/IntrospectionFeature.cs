using Google.Protobuf.WellKnownTypes;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

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

    public static void MapIntrospection(this IServiceProvider services)
    {
        VersionService version = services.GetRequiredService<VersionService>();
        IntrospectionService introspection = services.GetRequiredService<IntrospectionService>();
        HealthServiceImpl health = services.GetRequiredService<HealthServiceImpl>();
        ApiMethods.Of(services)
            .Unary("containerd.services.version.v1.Version/" + nameof(version.Version), Empty.Parser, VersionResponse.Parser, version.Version)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.Plugins), PluginsRequest.Parser, PluginsResponse.Parser, introspection.Plugins)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.Server), Empty.Parser, ServerResponse.Parser, introspection.Server)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.PluginInfo), PluginInfoRequest.Parser, PluginInfoResponse.Parser, introspection.PluginInfo)
            .Unary("grpc.health.v1.Health/" + nameof(health.Check), HealthCheckRequest.Parser, HealthCheckResponse.Parser, health.Check)
            .Stream("grpc.health.v1.Health/" + nameof(health.Watch), HealthCheckRequest.Parser, GrpcMessages.Of(HealthCheckResponse.Parser), health.Watch);
    }
}
