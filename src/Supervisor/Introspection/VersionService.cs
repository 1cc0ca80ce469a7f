using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using VersionApi = ShimStack.Api.Daemon.Version;

namespace ShimStack.Supervisor.Introspection;

/// <summary>containerd.services.version.v1: our own version, not that of a containerd.</summary>
internal sealed class VersionService : VersionApi.VersionBase
{
    public override Task<VersionResponse> Version(Empty request, ServerCallContext context) =>
        Task.FromResult(new VersionResponse { Version = SupervisorVersion.Text, Revision = SupervisorVersion.Revision });
}
