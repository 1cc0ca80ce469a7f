using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Shim.Runtime;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Streams through pipes: the container never holds a client's FIFO itself, so a client that goes away cannot kill it with
/// SIGPIPE. See contract chapter 4.2.
/// </summary>
internal static class PipeStdio
{
    /// <summary>
    /// Opens the client's ends and makes the pipes. Everything is open before the runtime runs: a path that cannot be
    /// opened leaves nothing to clean up.
    /// </summary>
    /// <param name="context">Shared by all streams.</param>
    /// <param name="paths">An empty path is no stream: /dev/null for the process.</param>
    /// <param name="owner">Who owns the container's ends (<c>io_uid</c>, <c>io_gid</c>).</param>
    /// <exception cref="SyscallException">A path cannot be opened; names it.</exception>
    public static (ProcessStdio Stdio, ChildStdio Child) Open(StdioContext context, StdioPaths paths, StreamOwner owner)
    {
        ProcessStdio stdio = new();
        FileDescriptor? stdin = null;
        FileDescriptor? stdout = null;
        FileDescriptor? stderr = null;
        try
        {
            stdin = paths.Stdin.Length == 0 ? null : OpenInput(context, paths.Stdin, owner, stdio);
            stdout = paths.Stdout.Length == 0 ? null : OpenOutput(context, paths.Stdout, owner, stdio);
            stderr = paths.Stderr.Length == 0 ? null : OpenOutput(context, paths.Stderr, owner, stdio);
            return (stdio, new ChildStdio(stdin, stdout, stderr));
        }
        catch (SyscallException)
        {
            new ChildStdio(stdin, stdout, stderr).Dispose();
            stdio.Dispose();
            throw;
        }
    }

    private static FileDescriptor OpenInput(StdioContext context, string path, StreamOwner owner, ProcessStdio stdio)
    {
        (CopySource source, FileDescriptor? holder) = ClientStreams.OpenInput(path);
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.WriteEnd, true);
        stdio.SetInput(new StreamCopy(context, source, new CopySink(pipe.WriteEnd, SinkKind.Process)), holder);
        return Give(pipe.ReadEnd, owner);
    }

    private static FileDescriptor OpenOutput(StdioContext context, string path, StreamOwner owner, ProcessStdio stdio)
    {
        CopySink sink = ClientStreams.OpenOutput(path);
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        stdio.AddOutput(new StreamCopy(context, new CopySource(pipe.ReadEnd, SourceKind.Pipe), sink));
        return Give(pipe.WriteEnd, owner);
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
