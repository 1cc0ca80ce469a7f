using ShimStack.Api.Types;

namespace ShimStack.Supervisor.Introspection;

/// <summary>Asks a runtime what it is and can.</summary>
internal interface IRuntimeInfo
{
    /// <summary>Runs the shim of the runtime with "-info". Contract chapter 1.12.</summary>
    /// <exception cref="Ttrpc.RpcException">There is no such shim, or it fails; the message has its words.</exception>
    Task<RuntimeInfo> ReadAsync(RuntimeRequest request, CancellationToken cancellation);
}
