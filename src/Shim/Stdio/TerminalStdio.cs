using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Stdio.Binaries;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Streams of a process with a terminal: stdin and stdout are copied to and from its master. The outer ends are open before the
/// runtime makes the terminal, so that a path that cannot be opened leaves no process behind. See contract chapter 4.5.
/// </summary>
internal sealed class TerminalStdio(ICopySink? output, CopySource? input, FileDescriptor? inputHolder, LoggingBinary? logger)
{
    /// <summary>Opens the client's ends, or the log file; of a <paramref name="logger"/> that is ready, its pipe.</summary>
    /// <exception cref="SyscallException">A path cannot be opened; names it.</exception>
    /// <exception cref="RpcException">InvalidArgument: a path names nothing that output can go to.</exception>
    public static TerminalStdio Open(StdioContext context, StreamRequest request, OutputTarget target, LoggingBinary? logger)
    {
        StdioPaths paths = request.Paths;
        ICopySink? output = logger is not null ? logger.TakeOutput()
            : paths.Stdout.Length > 0 ? target.Open(context, paths.Stdout, "stdout", request.Work)
            : null;
        try
        {
            (CopySource? source, FileDescriptor? holder) = paths.Stdin.Length > 0 ? ClientStreams.OpenInput(paths.Stdin) : (null, null);
            return new TerminalStdio(output, source, holder, logger);
        }
        catch (SyscallException)
        {
            output?.Dispose();
            throw;
        }
    }

    /// <summary>The streams, with everything in them; takes over <paramref name="master"/>, also when it fails.</summary>
    public ProcessStdio Join(StdioContext context, FileDescriptor master)
    {
        ProcessStdio stdio = new();
        stdio.SetConsole(master);
        stdio.SetLogger(logger);
        try
        {
            if (input is not null)
            {
                CopySink terminal = new(Files.Duplicate(master), SinkKind.Process, isTerminal: true);
                stdio.SetInput(new StreamCopy("stdin", context, input, terminal), inputHolder);
            }

            stdio.AddOutput(new StreamCopy("stdout", context, new CopySource(Files.Duplicate(master), SourceKind.Terminal), output));
            return stdio;
        }
        catch (SyscallException)
        {
            stdio.Dispose();
            throw;
        }
    }

    /// <summary>No terminal came, or it could not be joined: closes everything.</summary>
    public Task CloseAsync()
    {
        output?.Dispose();
        input?.Dispose();
        inputHolder?.Dispose();
        return logger?.EndAsync() ?? Task.CompletedTask;
    }
}
