using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Introspection;

/// <summary>Version and health: what clients ask first, and what is made of nothing.</summary>
internal static class LifeSigns
{
    /// <summary>The path of the call that clients begin with.</summary>
    public const string First = "/" + Version + nameof(VersionService.Version);

    private const string Version = "containerd.services.version.v1.Version/";
    private const string HealthPath = "grpc.health.v1.Health/";

    /// <summary>Answers from now on.</summary>
    public static void AddTo(ApiMethods methods, DaemonEnd end)
    {
        VersionService version = new();
        HealthService health = new(end);
        methods
            .Unary(Version + nameof(version.Version), Empty.Parser, VersionResponse.Parser, version.Version)
            .Unary(HealthPath + nameof(health.Check), HealthCheckRequest.Parser, HealthCheckResponse.Parser, health.Check)
            .Stream(HealthPath + nameof(health.Watch), HealthCheckRequest.Parser, GrpcMessages.Of(HealthCheckResponse.Parser), health.Watch);
    }
}
