using System.Runtime.InteropServices;

namespace ShimStack.Native.Files;

/// <summary>struct statx, the same on every architecture; only the fields that we read. See statx(2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    [FieldOffset(20)] internal uint Uid;
    [FieldOffset(24)] internal uint Gid;
    [FieldOffset(28)] internal ushort Mode;
    [FieldOffset(32)] internal ulong Inode;
    [FieldOffset(40)] internal ulong Size;
    [FieldOffset(128)] internal uint RdevMajor;
    [FieldOffset(132)] internal uint RdevMinor;
    [FieldOffset(136)] internal uint DeviceMajor;
    [FieldOffset(140)] internal uint DeviceMinor;

    internal readonly FileStatus ToStatus() => new(
        (FileType)(Mode & 0xf000),
        Mode & 0xfff,
        Uid,
        Gid,
        (long)Size,
        MakeDevice(DeviceMajor, DeviceMinor),
        Inode,
        MakeDevice(RdevMajor, RdevMinor));

    /// <summary>A device number as stat(2) has it. See makedev(3).</summary>
    private static ulong MakeDevice(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);
}
