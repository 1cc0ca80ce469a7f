using ShimStack.Ttrpc;

namespace ShimStack.Shim.Runtime;

/// <summary>
/// What a failed <c>kill</c> or <c>delete</c> of the runtime means. Runtimes say it in words only, so this is the one place that reads them
/// (contract chapter 3.8).
/// </summary>
internal static class KillFailure
{
    /// <summary>NotFound for a process or container that is gone, Unknown with the whole text for the rest.</summary>
    public static RpcException Explain(string raw)
    {
        if (raw.Contains("os: process already finished", StringComparison.Ordinal)
            || raw.Contains("container not running", StringComparison.Ordinal)
            || raw.Contains("no such process", StringComparison.OrdinalIgnoreCase))
        {
            return RpcException.NotFound("process already finished");
        }

        return MeansNoContainer(raw)
            ? RpcException.NotFound("no such container")
            : RpcException.Unknown($"unknown error after kill: {raw}");
    }

    /// <summary>Whether the runtime does not know the container: runc says so, crun does not find its folder or its file.</summary>
    public static bool MeansNoContainer(string raw) =>
        raw.Contains("does not exist", StringComparison.Ordinal)
        || (raw.Contains("No such file or directory", StringComparison.Ordinal)
            && (raw.Contains("cannot open directory", StringComparison.Ordinal) || raw.Contains("error opening file", StringComparison.Ordinal)));
}
