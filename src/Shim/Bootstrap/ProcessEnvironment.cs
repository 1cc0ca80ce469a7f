using System.Collections;
using ShimStack.Native.Processes;
using ShimStack.Shim.Parking;

namespace ShimStack.Shim.Bootstrap;

/// <summary>The environments of the processes that helpers start, as <c>NAME=value</c>.</summary>
internal static class ProcessEnvironment
{
    private const string TtrpcAddress = "TTRPC_ADDRESS";
    private const string NotifySocket = "NOTIFY_SOCKET";

    /// <summary>The environment of the server: the helper's, with the place for events if the daemon told it otherwise.</summary>
    public static IReadOnlyList<string> ForServer(string ttrpcAddress)
    {
        if (ttrpcAddress.Length == 0)
        {
            return Without();
        }
        List<string> environment = Without(TtrpcAddress);
        environment.Add($"{TtrpcAddress}={ttrpcAddress}");
        return environment;
    }

    /// <summary>The environment of a runtime: ours, but systemd's socket is the daemon's own affair, and what we leave with it, too. See sd_notify(3).</summary>
    public static IReadOnlyList<string> ForRuntime() => Without(NotifySocket, ShimParking.Variable);

    /// <summary>The environment of another build in our place: ours.</summary>
    public static IReadOnlyList<string> ForSuccessor() => Without();

    /// <summary>The path of the file that we run, or of what has taken its place.</summary>
    public static string OwnExecutable()
    {
        const string Replaced = " (deleted)";
        string path = CurrentProcess.ExecutablePath;
        return path.EndsWith(Replaced, StringComparison.Ordinal) ? path[..^Replaced.Length] : path;
    }

    private static List<string> Without(params ReadOnlySpan<string> names)
    {
        var environment = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (!names.Contains((string)variable.Key))
            {
                environment.Add($"{variable.Key}={variable.Value}");
            }
        }
        return environment;
    }
}
