using Google.Protobuf.WellKnownTypes;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Introspection;

/// <summary>What the daemon says of itself: version, parts, health.</summary>
internal sealed class IntrospectionFeature
{
    /// <param name="around">The daemon.</param>
    /// <param name="runtimes">Asks runtimes; null where there are none.</param>
    public IntrospectionFeature(DaemonSurroundings around, IRuntimeInfo? runtimes)
    {
        VersionService version = new();
        IntrospectionService introspection = new(new ServerIdentity(around.Settings), runtimes);
        HealthServiceImpl health = new();
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving); // all of it, as in containerd
        around.Api
            .Unary("containerd.services.version.v1.Version/" + nameof(version.Version), Empty.Parser, VersionResponse.Parser, version.Version)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.Plugins), PluginsRequest.Parser, PluginsResponse.Parser, introspection.Plugins)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.Server), Empty.Parser, ServerResponse.Parser, introspection.Server)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.PluginInfo), PluginInfoRequest.Parser, PluginInfoResponse.Parser, introspection.PluginInfo)
            .Unary("grpc.health.v1.Health/" + nameof(health.Check), HealthCheckRequest.Parser, HealthCheckResponse.Parser, health.Check)
            .Stream("grpc.health.v1.Health/" + nameof(health.Watch), HealthCheckRequest.Parser, GrpcMessages.Of(HealthCheckResponse.Parser), health.Watch);
    }
}
