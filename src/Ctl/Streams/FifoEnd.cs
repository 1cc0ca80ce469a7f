using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Streams;

/// <summary>
/// Our end of a FIFO. Until the shim has opened the other end we hold that, too: so opening never blocks, and a reader sees no end before there was a
/// writer. See fifo(7).
/// </summary>
internal sealed class FifoEnd : IDisposable
{
    private FileDescriptor? _other;

    private FifoEnd(FileDescriptor own, FileDescriptor? other)
    {
        Files.SetNonBlocking(own, on: false);
        Own = own;
        _other = other;
    }

    public FileDescriptor Own { get; }

    /// <summary>Before the shim has the FIFO.</summary>
    public static FifoEnd ToRead(string path)
    {
        FileDescriptor read = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        return new FifoEnd(read, Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK));
    }

    /// <summary>Before the shim has the FIFO.</summary>
    public static FifoEnd ToWrite(string path)
    {
        FileDescriptor read = Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        return new FifoEnd(Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK), read);
    }

    /// <summary>While the shim holds the other end; without a shim there is the end of the stream at once.</summary>
    public static FifoEnd ToReadAgain(string path) => new(Files.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK), null);

    /// <summary>While the shim holds the other end; null if it does not, since nobody reads any more (ENXIO).</summary>
    public static FifoEnd? TryToWriteAgain(string path)
    {
        try
        {
            return new FifoEnd(Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK), null);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENXIO)
        {
            return null;
        }
    }

    /// <summary>The shim has it open now, or never will.</summary>
    public void LeaveOther()
    {
        _other?.Dispose();
        _other = null;
    }

    public void Dispose()
    {
        LeaveOther();
        Own.Dispose();
    }
}
