using Google.Protobuf.WellKnownTypes;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Introspection;

/// <summary>Version and health: what clients ask first, and what needs nothing of the rest of the daemon.</summary>
internal static class LifeSigns
{
    /// <summary>The path of the call that clients begin with.</summary>
    public const string First = "/" + Version + nameof(VersionService.Version);

    private const string Version = "containerd.services.version.v1.Version/";
    private const string Health = "grpc.health.v1.Health/";

    /// <summary>Answers from now on.</summary>
    public static void AddTo(ApiMethods methods)
    {
        VersionService version = new();
        HealthServiceImpl health = new();
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving); // all of it, as in containerd
        methods
            .Unary(Version + nameof(version.Version), Empty.Parser, VersionResponse.Parser, version.Version)
            .Unary(Health + nameof(health.Check), HealthCheckRequest.Parser, HealthCheckResponse.Parser, health.Check)
            .Stream(Health + nameof(health.Watch), HealthCheckRequest.Parser, GrpcMessages.Of(HealthCheckResponse.Parser), health.Watch);
    }
}
