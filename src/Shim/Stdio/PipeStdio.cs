using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio.Binaries;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Streams through pipes: the container never holds a client's FIFO itself, so a client that goes away cannot kill it with
/// SIGPIPE. See contract chapter 4.2.
/// </summary>
internal static class PipeStdio
{
    /// <summary>
    /// Opens the client's ends or log files and makes the pipes. Everything is open before the runtime runs: a path that cannot be
    /// opened leaves nothing to clean up. An empty path is no stream: /dev/null for the process.
    /// </summary>
    /// <exception cref="SyscallException">A path cannot be opened; names it.</exception>
    /// <exception cref="RpcException">InvalidArgument: a path names nothing that output can go to.</exception>
    public static (ProcessStdio Stdio, ChildStdio Child) Open(StdioContext context, StreamRequest request, OutputTarget target)
    {
        StdioPaths paths = request.Paths;
        ProcessStdio stdio = new();
        FileDescriptor? stdin = null;
        FileDescriptor? stdout = null;
        FileDescriptor? stderr = null;
        try
        {
            stdin = paths.Stdin.Length == 0 ? null : OpenInput(context, request, stdio);
            stdout = paths.Stdout.Length == 0 ? null : OpenOutput(context, request, target, "stdout", stdio);
            stderr = paths.Stderr.Length == 0 ? null : OpenOutput(context, request, target, "stderr", stdio);
            return (stdio, new ChildStdio(stdin, stdout, stderr));
        }
        catch (Exception e) when (e is SyscallException or RpcException)
        {
            new ChildStdio(stdin, stdout, stderr).Dispose();
            stdio.Dispose();
            throw;
        }
    }

    /// <summary>The streams of a process that writes straight to its logging binary.</summary>
    public static (ProcessStdio Stdio, ChildStdio Child) To(LoggingBinary logger, StreamOwner owner)
    {
        ProcessStdio stdio = new();
        stdio.SetLogger(logger);
        return (stdio, logger.EndsFor(owner));
    }

    private static FileDescriptor OpenInput(StdioContext context, StreamRequest request, ProcessStdio stdio)
    {
        (CopySource source, FileDescriptor? holder) = ClientStreams.OpenInput(request.Paths.Stdin);
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.WriteEnd, true);
        stdio.SetInput(new StreamCopy("stdin", context, source, new CopySink(pipe.WriteEnd, SinkKind.Process)), holder);
        return Give(pipe.ReadEnd, request.Owner);
    }

    private static FileDescriptor OpenOutput(StdioContext context, StreamRequest request, OutputTarget target, string name, ProcessStdio stdio)
    {
        string path = name == "stdout" ? request.Paths.Stdout : request.Paths.Stderr;
        ICopySink sink = target.Open(context, path, name, request.Work);
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        stdio.AddOutput(new StreamCopy(name, context, new CopySource(pipe.ReadEnd, SourceKind.Pipe), sink));
        return Give(pipe.WriteEnd, request.Owner);
    }

    private static FileDescriptor Give(FileDescriptor end, StreamOwner owner)
    {
        try
        {
            Files.SetOwner(end, owner.Uid, owner.Gid);
            return end;
        }
        catch (SyscallException)
        {
            end.Dispose();
            throw;
        }
    }
}
