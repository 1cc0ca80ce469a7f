using System.Runtime.InteropServices;

namespace ShimStack.Native.Mounts;

/// <summary>struct mount_attr. See mount_setattr(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MountAttributes
{
    internal const ulong MOUNT_ATTR_IDMAP = 0x100000;

    internal ulong Set;
    internal ulong Clear;
    internal ulong Propagation;
    internal ulong UserNamespace;
}
