using System.Collections;

namespace ShimStack.Shim.Runtime;

/// <summary>The environment of every runtime call: the shim's own, less what must not reach a container's runtime.</summary>
internal static class RuntimeEnvironment
{
    /// <summary>The variables as <c>NAME=value</c>, without NOTIFY_SOCKET (contract chapter 7.1).</summary>
    public static IReadOnlyList<string> Inherited()
    {
        List<string> variables = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if ((string)variable.Key != "NOTIFY_SOCKET")
            {
                variables.Add($"{variable.Key}={variable.Value}");
            }
        }

        return variables;
    }
}
