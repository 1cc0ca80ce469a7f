using ShimStack.Api;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Ids and namespaces that come with a call. See <see cref="IdentifierRule"/>.</summary>
internal static class Identifier
{
    /// <summary>Passes a valid identifier.</summary>
    /// <param name="subject">What it names, for the message.</param>
    /// <param name="value">The identifier.</param>
    /// <exception cref="RpcException">InvalidArgument, with containerd's words.</exception>
    public static void Require(string subject, string value)
    {
        if (IdentifierRule.Fault(value) is string fault)
        {
            throw RpcException.InvalidArgument($"{subject}: {fault}: invalid argument");
        }
    }
}
