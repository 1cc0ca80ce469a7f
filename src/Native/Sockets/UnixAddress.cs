using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ShimStack.Native.Sockets;

/// <summary>struct sockaddr_un. See unix(7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UnixAddress
{
    private ushort _family;
    private PathBytes _path;

    /// <summary>The address of a socket in the file system; ENAMETOOLONG if it has no room for the path and its NUL.</summary>
    internal static UnixAddress Of(string path)
    {
        UnixAddress address = new() { _family = LinuxCalls.AF_UNIX };
        if (Encoding.UTF8.GetByteCount(path) > UnixSocket.MaxPathLength)
        {
            throw new SyscallException("sockaddr_un", Errno.ENAMETOOLONG, path);
        }

        Encoding.UTF8.GetBytes(path, address._path);
        return address;
    }

    /// <summary>The path, up to its NUL; empty for a socket without a name.</summary>
    internal readonly string Path
    {
        get
        {
            ReadOnlySpan<byte> bytes = _path;
            int end = bytes.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        }
    }

    [InlineArray(UnixSocket.MaxPathLength + 1)]
    private struct PathBytes
    {
        private byte _first;
    }
}
