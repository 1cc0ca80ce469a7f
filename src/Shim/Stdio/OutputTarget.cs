using ShimStack.Shim.Stdio.Binaries;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Shim.Stdio.Spooling;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Where the output of a process goes, which the scheme of its stdout alone decides. Both are null for plain paths. See contract
/// chapter 4.1.
/// </summary>
internal sealed record OutputTarget(LogTarget? File = null, LoggerCommand? Logger = null)
{
    /// <exception cref="RpcException">InvalidArgument: the URI or its scheme cannot be used; says why.</exception>
    public static OutputTarget Of(StdioPaths paths)
    {
        StdioUri? uri = StdioUri.TryParse(paths.Stdout);
        return uri?.Scheme switch
        {
            null => new OutputTarget(),
            "file" => new OutputTarget(File: new LogTarget(uri.Path, LogOptions.Of(uri))),
            "binary" => new OutputTarget(Logger: LoggerCommand.Of(uri, mustSayReady: false)),
            "binary-v2" => new OutputTarget(Logger: LoggerCommand.Of(uri, mustSayReady: true)),
            _ => throw RpcException.InvalidArgument($"unknown STDIO scheme {uri.Scheme}"),
        };
    }

    /// <summary>Opens a file, or a client's end: a FIFO with a spool, in the folder <paramref name="work"/>, for the time when nobody reads.</summary>
    /// <exception cref="Native.SyscallException">It cannot be opened; names it.</exception>
    public ICopySink Open(StdioContext context, string path, string stream, string work) =>
        File is null ? SpooledFifo.Over(context, ClientStreams.OpenOutput(path), work) : LogSink.Open(context, File, stream);
}
