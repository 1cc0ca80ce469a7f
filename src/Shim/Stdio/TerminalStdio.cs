using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Stdio;

/// <summary>Streams of a process with a terminal: stdin and stdout are copied to and from its master. See contract chapter 4.5.</summary>
internal static class TerminalStdio
{
    private const byte EndOfTransmission = 4;

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
                stdio.SetInput(new StreamCopy(context, source, terminal) { AtEnd = TypeEndOfFile }, holder);
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

    // A terminal has no end of file of its own: it is typed. After a line begun it takes two, the first only ends that line.
    private static void TypeEndOfFile(StreamCopy input)
    {
        ReadOnlySpan<byte> typed = [EndOfTransmission, EndOfTransmission];
        input.Sink?.Write(input.LastByte == (byte)'\n' ? typed[..1] : typed, out _);
    }
}
