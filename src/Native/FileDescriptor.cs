using System.Runtime.InteropServices;

namespace ShimStack.Native;

/// <summary>Owns one file descriptor and closes it once, not before the last call that uses it is back. See close(2).</summary>
public sealed class FileDescriptor : SafeHandle
{
    private FileDescriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number in the table of this process, for messages and for /proc/self/fd; calls take the object.</summary>
    public int Number => (int)handle;

    /// <summary>Becomes the owner of <paramref name="fd"/>, which nobody else may close from now on.</summary>
    public static FileDescriptor Take(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        return new FileDescriptor(fd);
    }

    /// <summary>
    /// Gives up ownership without closing: the number stays open for whoever takes it next, in this program or in the one that
    /// replaces it by execve(2).
    /// </summary>
    public int Release()
    {
        int number = (int)handle;
        SetHandleAsInvalid();
        return number;
    }

    // Linux has given the number back even when close reports EINTR or EIO: never again.
    protected override bool ReleaseHandle() => LinuxCalls.close((int)handle) == 0;

    public override string ToString() => $"fd {Number}";
}
