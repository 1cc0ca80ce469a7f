using System.Runtime.InteropServices;

namespace ShimStack.Native.Mounts;

/// <summary>struct statfs (64-bit); only the fields that we read. See statfs(2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct FileSystemStatus
{
    internal const ulong ST_RELATIME = 4096;

    [FieldOffset(0)] internal long Type;
    [FieldOffset(80)] internal ulong Flags;
}
