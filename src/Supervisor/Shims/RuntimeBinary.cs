using ShimStack.Native.Processes;
using ShimStack.Supervisor.Configuration;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Shims;

/// <summary>From a runtime's name to the shim that serves it. Contract chapter 1.1.</summary>
internal sealed class RuntimeBinary(SupervisorSettings settings)
{
    private const string Default = "io.containerd.runc.v2";
    private const string OwnShim = "containerd-shim-shimstack-v2";

    /// <summary>The program for a runtime.</summary>
    /// <param name="runtime">As the container names it: a name, or an absolute path.</param>
    /// <exception cref="RpcException">InvalidArgument: it is no name. NotFound: there is no such program.</exception>
    public string Resolve(string runtime)
    {
        if (settings.Runtimes.TryGetValue(runtime, out string? configured))
        {
            return ExecutablePath.Find(configured, null)
                ?? throw RpcException.NotFound($"runtime \"{runtime}\": {configured}, which the configuration names, is no executable file");
        }

        if (runtime.StartsWith('/'))
        {
            return ExecutablePath.Find(runtime, null) ?? throw RpcException.NotFound($"invalid custom binary path: {runtime} is no executable file");
        }

        string binary = BinaryOf(runtime);
        return Find(binary, runtime) ?? throw RpcException.NotFound($"runtime \"{runtime}\" binary not installed \"{binary}\": file does not exist");
    }

    // The name that every client uses means ours, if it is installed.
    private static string? Find(string binary, string runtime) =>
        (runtime == Default ? FindInstalled(OwnShim) : null) ?? FindInstalled(binary);

    private static string? FindInstalled(string binary) =>
        ExecutablePath.Find(Path.Join(AppContext.BaseDirectory, binary), null) ?? ExecutablePath.Find(binary, Environment.GetEnvironmentVariable("PATH"));

    private static string BinaryOf(string runtime)
    {
        string[] parts = runtime.Split('.');
        if (runtime.Contains('/', StringComparison.Ordinal) || parts.Length < 2 || parts[0].Length == 0)
        {
            throw RpcException.InvalidArgument($"invalid runtime name {runtime}, correct runtime name should be either format like `io.containerd.runc.v2` or a full path to the binary");
        }

        return $"containerd-shim-{parts[^2]}-{parts[^1]}";
    }
}
