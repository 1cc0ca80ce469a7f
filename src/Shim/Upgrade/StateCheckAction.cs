using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Upgrade;

/// <summary>
/// <c>-check-state</c>: a shim that runs asks this build whether it can go on with the state on its standard input. Yes is one line with the version;
/// no is an error like any other.
/// </summary>
internal static class StateCheckAction
{
    private const string Yes = "can go on as version ";

    /// <exception cref="InvalidDataException">This build cannot go on with it.</exception>
    public static string Run(ShimArguments arguments)
    {
        ShimRecord record = StandardStreams.WithInput(StateFile.Read);
        StateAudit.Require(record, arguments.Namespace);
        return $"{Yes}{ShimVersion.Text}\n";
    }

    /// <summary>The version in such an answer; null if it is none.</summary>
    public static string? VersionIn(string answer) => answer.StartsWith(Yes, StringComparison.Ordinal) ? answer[Yes.Length..].TrimEnd() : null;
}
