using Grpc.Core;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Hosting;

/// <summary>The namespace that a call is about: clients name it in a header.</summary>
internal static class RequestNamespace
{
    /// <summary>Name of the header.</summary>
    public const string Header = "containerd-namespace";

    /// <exception cref="RpcException">FailedPrecondition: there is none. InvalidArgument: it is no identifier.</exception>
    public static string Of(ServerCallContext call)
    {
        string? name = call.RequestHeaders.GetValue(Header);
        if (string.IsNullOrEmpty(name))
        {
            throw RpcException.FailedPrecondition("namespace is required: failed precondition");
        }

        Identifier.Require("namespace validation", name);
        return name;
    }
}
