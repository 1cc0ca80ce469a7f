using System.Runtime.InteropServices;

namespace ShimStack.Native;

/// <summary>
/// A system call failed: "mount /a/b: No such device (ENODEV)". <paramref name="subject"/> is what it was called on, if that says more than
/// the call.
/// </summary>
public sealed class SyscallException(string call, Errno errno, string? subject = null) : Exception(Describe(call, errno, subject))
{
    /// <summary>Why it failed.</summary>
    public Errno Errno { get; } = errno;

    /// <summary>The name of the call, as its manual page has it.</summary>
    public string Call { get; } = call;

    private static string Describe(string call, Errno errno, string? subject)
    {
        string reason = $"{Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})";
        return subject is null ? $"{call}: {reason}" : $"{call} {subject}: {reason}";
    }
}
