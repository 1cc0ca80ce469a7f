using ShimStack.Api;

namespace ShimStack.Shim.Bootstrap;

/// <summary>Ids and namespaces that a shim is started with. See <see cref="IdentifierRule"/>.</summary>
internal static class Identifier
{
    /// <summary>Passes a valid identifier.</summary>
    /// <param name="subject">What it names, for the message.</param>
    /// <param name="value">The identifier.</param>
    /// <exception cref="StartupException">It is empty, too long or has other characters.</exception>
    public static void Check(string subject, string value)
    {
        if (IdentifierRule.Fault(value) is string fault)
        {
            throw new StartupException($"{subject}: {fault}: invalid argument");
        }
    }
}
