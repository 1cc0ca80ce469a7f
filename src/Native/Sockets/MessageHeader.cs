using System.Runtime.InteropServices;

namespace ShimStack.Native.Sockets;

/// <summary>struct msghdr (64-bit). See recvmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    internal void* Name;
    internal uint NameLength;
    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal void* Control;
    internal nuint ControlLength;
    internal int Flags;

    /// <summary>struct iovec. See readv(2).</summary>
    internal struct IoVector
    {
        internal byte* Start;
        internal nuint Length;
    }

    /// <summary>struct cmsghdr (64-bit); the data follows it. See cmsg(3).</summary>
    internal struct ControlHeader
    {
        internal nuint Length;
        internal int Level;
        internal int Type;
    }
}
