using System.Runtime.InteropServices;

namespace ShimStack.Native.Mounts;

/// <summary>struct loop_config with the struct loop_info64 in it; only the fields that we set. See loop(4).</summary>
[StructLayout(LayoutKind.Explicit, Size = 304)]
internal struct LoopConfiguration
{
    internal const uint LO_FLAGS_READ_ONLY = 1;
    internal const uint LO_FLAGS_AUTOCLEAR = 4;
    internal const uint LO_FLAGS_DIRECT_IO = 16;

    [FieldOffset(0)] internal int BackingFile;
    [FieldOffset(60)] internal uint Flags;
}
