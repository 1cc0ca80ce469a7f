using ShimStack.Native;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio.Binaries;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Opens what a client named as standard streams, whatever that is: paths, a log file, a logging binary. A failure is an
/// <see cref="RpcException"/> with the text of contract chapter 3.3, and leaves nothing open and nothing running.
/// </summary>
internal sealed class StreamOpener(StdioContext context, string containerdNamespace)
{
    private const string PipesFailed = "failed to create init process I/O";
    private const string TerminalFailed = "failed to start console copy";

    private readonly LoggerStart _loggers = new(context, containerdNamespace);

    /// <summary>Streams of a process without a terminal, and its own ends of them.</summary>
    public Task<(ProcessStdio Stdio, ChildStdio Child)> OpenPipesAsync(StreamRequest request, CancellationToken cancellation) =>
        OpenAsync(
            PipesFailed,
            request,
            (target, logger) => logger is null ? PipeStdio.Open(context, request, target) : PipeStdio.To(logger, request.Owner),
            cancellation);

    /// <summary>The outer ends of a terminal that is still to come.</summary>
    public Task<TerminalStdio> OpenTerminalAsync(StreamRequest request, CancellationToken cancellation) =>
        OpenAsync(TerminalFailed, request, (target, logger) => TerminalStdio.Open(context, request, target, logger), cancellation);

    private async Task<T> OpenAsync<T>(
        string failure, StreamRequest request, Func<OutputTarget, LoggingBinary?, T> open, CancellationToken cancellation)
    {
        LoggingBinary? logger = null;
        try
        {
            OutputTarget target = OutputTarget.Of(request.Paths);
            if (target.Logger is not null)
            {
                logger = await _loggers.StartAsync(target.Logger, request.Process, cancellation);
            }

            return open(target, logger);
        }
        catch (SyscallException e)
        {
            logger?.Kill();
            throw new RpcException(RpcCode.Unknown, $"{failure}: {e.Message}", e);
        }
        catch (RpcException e)
        {
            logger?.Kill();
            throw new RpcException(e.Code, $"{failure}: {e.Message}", e);
        }
    }
}
