namespace ShimStack.Api.Events;

/// <summary>Names under which a daemon takes events.</summary>
public static class EventServices
{
    /// <summary>Served by the daemon on the ttrpc socket named in TTRPC_ADDRESS.</summary>
    public const string Ttrpc = "containerd.services.events.ttrpc.v1.Events";

    /// <summary>Served by the daemon on its gRPC socket.</summary>
    public const string Grpc = "containerd.services.events.v1.Events";

    public const string Forward = "Forward";
}
