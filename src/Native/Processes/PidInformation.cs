using System.Runtime.InteropServices;

namespace ShimStack.Native.Processes;

/// <summary>The first 64 bytes of struct pidfd_info, see linux/pidfd.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct PidInformation
{
    /// <summary>_IOWR(0xFF, 11, 64 bytes).</summary>
    public const nuint PIDFD_GET_INFO = 0xC040FF0B;

    /// <summary>PIDFD_INFO_EXIT: asked for on the way in, there on the way out.</summary>
    public const ulong ExitIsWanted = 8;

    [FieldOffset(0)]
    public ulong Mask;

    /// <summary>A status as of wait(2).</summary>
    [FieldOffset(60)]
    public int ExitCode;
}
