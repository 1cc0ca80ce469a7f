using System.Runtime.InteropServices;

namespace ShimStack.Native.Sockets;

/// <summary>struct ucred: who was at the other side when it connected (or listened). See unix(7), SO_PEERCRED.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid)
{
    /// <summary>Asks the kernel, which the peer cannot deceive. See getsockopt(2), unix(7).</summary>
    public static unsafe PeerCredentials Of(FileDescriptor socket)
    {
        PeerCredentials credentials = default;
        uint length = (uint)sizeof(PeerCredentials);
        Syscall.Check(LinuxCalls.getsockopt(socket, LinuxCalls.SOL_SOCKET, LinuxCalls.SO_PEERCRED, &credentials, &length), "SO_PEERCRED");
        return credentials;
    }
}
