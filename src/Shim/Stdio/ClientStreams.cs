using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Opens what a client named as standard streams. FIFOs never block here: one is opened for reading and writing first, which
/// always succeeds on Linux (fifo(7)), and reopened for the direction that is wanted through /proc, so that a path that was
/// unlinked and made again in between is not confused.
/// </summary>
internal static class ClientStreams
{
    /// <summary>
    /// The sink for output at <paramref name="path"/>. Of a FIFO only the write end is kept: with a read end of our own a
    /// reader that goes away would not be noticed.
    /// </summary>
    /// <exception cref="SyscallException">The path cannot be opened; names it.</exception>
    public static CopySink OpenOutput(string path)
    {
        if (Files.Status(path).Type != FileType.Fifo)
        {
            return new CopySink(Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK), SinkKind.File);
        }

        using FileDescriptor both = Files.Open(path, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        return new CopySink(Reopen(both, OpenFlags.O_WRONLY), SinkKind.Fifo);
    }

    /// <summary>
    /// The source for input at <paramref name="path"/>, and for a FIFO its write end: as long as that is held, a client that
    /// detaches does not end the container's stdin.
    /// </summary>
    /// <exception cref="SyscallException">The path cannot be opened; names it.</exception>
    public static (CopySource Source, FileDescriptor? Holder) OpenInput(string path)
    {
        if (Files.Status(path).Type != FileType.Fifo)
        {
            return (new CopySource(Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK), SourceKind.Pipe), null);
        }

        using FileDescriptor both = Files.Open(path, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        CopySource source = new(Reopen(both, OpenFlags.O_RDONLY), SourceKind.Pipe);
        return (source, Reopen(both, OpenFlags.O_WRONLY));
    }

    private static FileDescriptor Reopen(FileDescriptor descriptor, OpenFlags direction) => Files.Open(
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor.Number}"), direction | OpenFlags.O_NONBLOCK);
}
