namespace ShimStack.Native.Pipes;

/// <summary>Moves bytes between descriptors, one of which is a pipe, without copying them.</summary>
public static unsafe class Splice
{
    /// <summary>
    /// Moves at most <paramref name="length"/> bytes; never waits on a pipe (EAGAIN says that one side is not ready, not which); does not
    /// allocate. See splice(2).
    /// </summary>
    public static IoResult Move(FileDescriptor source, FileDescriptor target, int length)
    {
        const uint Flags = LinuxCalls.SPLICE_F_MOVE | LinuxCalls.SPLICE_F_NONBLOCK;
        IoResult result;
        do
        {
            result = Syscall.Io(LinuxCalls.splice(source, null, target, null, (nuint)length, Flags));
        }
        while (result.Interrupted);
        return result;
    }
}
