using System.Runtime.InteropServices;

namespace ShimStack.Native.Mounts;

/// <summary>struct statfs (64-bit); only the fields that we read. See statfs(2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct FileSystemStatus
{
    internal const ulong ST_RELATIME = 4096;

    [FieldOffset(0)] internal long Type;
    [FieldOffset(16)] internal ulong Blocks;
    [FieldOffset(32)] internal ulong BlocksAvailable;
    [FieldOffset(40)] internal ulong Files;
    [FieldOffset(48)] internal ulong FilesFree;
    [FieldOffset(72)] internal long FragmentSize;
    [FieldOffset(80)] internal ulong Flags;
}
