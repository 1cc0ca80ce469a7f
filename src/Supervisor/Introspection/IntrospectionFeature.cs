using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Introspection;

/// <summary>What the daemon says of itself and its parts; see <see cref="LifeSigns"/> for the rest.</summary>
internal sealed class IntrospectionFeature
{
    /// <param name="around">The daemon.</param>
    /// <param name="runtimes">Asks runtimes; null where there are none.</param>
    public IntrospectionFeature(DaemonSurroundings around, IRuntimeInfo? runtimes)
    {
        IntrospectionService introspection = new(new ServerIdentity(around.Settings), runtimes);
        around.Api
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.Plugins), PluginsRequest.Parser, PluginsResponse.Parser, introspection.Plugins)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.Server), Empty.Parser, ServerResponse.Parser, introspection.Server)
            .Unary("containerd.services.introspection.v1.Introspection/" + nameof(introspection.PluginInfo), PluginInfoRequest.Parser, PluginInfoResponse.Parser, introspection.PluginInfo);
    }
}
