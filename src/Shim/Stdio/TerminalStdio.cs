using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Stdio;

/// <summary>Streams of a process with a terminal: stdin and stdout are copied to and from its master. See contract chapter 4.5.</summary>
internal static class TerminalStdio
{
    /// <summary>Opens the client's ends. Takes over <paramref name="master"/>, also when it fails.</summary>
    /// <exception cref="SyscallException">A path cannot be opened; names it.</exception>
    public static ProcessStdio Open(StdioContext context, StdioPaths paths, FileDescriptor master)
    {
        ProcessStdio stdio = new();
        stdio.SetConsole(master);
        try
        {
            if (paths.Stdin.Length > 0)
            {
                (CopySource source, FileDescriptor? holder) = ClientStreams.OpenInput(paths.Stdin);
                CopySink terminal = new(Files.Duplicate(master), SinkKind.Process, isTerminal: true);
                stdio.SetInput(new StreamCopy(context, source, terminal), holder);
            }

            CopySink? sink = paths.Stdout.Length > 0 ? ClientStreams.OpenOutput(paths.Stdout) : null;
            stdio.AddOutput(new StreamCopy(context, new CopySource(Files.Duplicate(master), SourceKind.Terminal), sink));
            return stdio;
        }
        catch (SyscallException)
        {
            stdio.Dispose();
            throw;
        }
    }
}
