using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ShimStack.Native;

/// <summary>
/// The only reader of errno: turns the result of a <see cref="LinuxCalls"/> method into a value or a <see cref="SyscallException"/>.
/// </summary>
internal static class Syscall
{
    internal static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>The call was cut short by a signal handler and has to be made again.</summary>
    internal static bool Interrupted(nint result) => result == -1 && LastErrno == Errno.EINTR;

    internal static int Check(nint result, string? subject = null, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result == -1)
        {
            throw new SyscallException(NameOf(call), LastErrno, subject);
        }

        return (int)result;
    }

    /// <summary>The result of a call that moves bytes; errors stay values.</summary>
    internal static IoResult Io(nint result) => result < 0 ? new IoResult(0, LastErrno) : new IoResult((int)result, Errno.None);

    /// <summary>"LinuxCalls.mount(source, ...)" is the call "mount".</summary>
    private static string NameOf(string expression)
    {
        int end = expression.IndexOf('(', StringComparison.Ordinal);
        string name = end < 0 ? expression : expression[..end];
        return name[(name.LastIndexOf('.') + 1)..];
    }
}
