using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Logging;

/// <summary>
/// The daemon's log FIFO as our standard error. Writing never blocks and never fails the shim: without a reader, or with one
/// that is stuck, lines are lost and counted.
/// </summary>
internal sealed class LogFifo
{
    private const int StandardError = 2;
    private readonly FileDescriptor _descriptor;

    /// <summary>Writes to <paramref name="descriptor"/>, which must not block.</summary>
    public LogFifo(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>How many lines could not be written.</summary>
    public long Lost { get; private set; }

    /// <summary>Opens <c>log</c> in the working directory and puts it in the place of standard error.</summary>
    public static LogFifo Open()
    {
        try
        {
            FileDescriptor fifo = Files.Open("log", OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
            Files.DuplicateTo(fifo, StandardError);
            return new LogFifo(fifo);
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.ENXIO)
        {
            // No daemon listens. A shim that is run by hand tells its own standard error.
            return new LogFifo(OpenStandardError());
        }
    }

    private static FileDescriptor OpenStandardError()
    {
        try
        {
            return Files.Open("/proc/self/fd/2", OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_APPEND);
        }
        catch (SyscallException)
        {
            // A socket cannot be opened again, and what is closed cannot either: nobody listens at all.
            return Files.Open("/dev/null", OpenFlags.O_WRONLY);
        }
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        if (!Files.Write(_descriptor, line).IsOk)
        {
            Lost++;
        }
    }
}
