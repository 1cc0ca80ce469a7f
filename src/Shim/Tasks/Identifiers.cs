using ShimStack.Api;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Every id of a request becomes part of a path; none does before it has passed here.</summary>
internal static class Identifiers
{
    /// <exception cref="RpcException">InvalidArgument: names the id and what is wrong with it.</exception>
    public static void Require(string subject, string value)
    {
        if (IdentifierRule.Fault(value) is string fault)
        {
            throw RpcException.InvalidArgument($"{subject}: {fault}");
        }
    }
}
