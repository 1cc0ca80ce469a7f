using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Sockets;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// The rule for the one socket of a group. A name that is taken is tried: whoever answers is the group's shim, and this helper has nothing
/// left to do;
/// a name without anybody behind it is a leftover of a dead shim and goes.
/// </summary>
internal static class ListenSocket
{
    private const int OwnerOnly = 0x180; // 0600

    /// <summary>Binds and listens, mode 0600; null if a shim listens there already.</summary>
    /// <exception cref="SyscallException">The name cannot be bound.</exception>
    public static FileDescriptor? TryOpen(SocketAddress address)
    {
        try
        {
            return Open(address);
        }
        catch (SyscallException e) when (e.Errno == Errno.EADDRINUSE)
        {
            if (Answers(address))
            {
                return null;
            }
        }
        Files.TryUnlink(address.Path);
        return Open(address);
    }

    /// <summary>
    /// Whether somebody listens. Connecting to a unix socket takes effect at once or not at all, so the 100 ms that the contract grants are
    /// never
    /// used up; a backlog which is full (EAGAIN) has an owner too.
    /// </summary>
    public static bool Answers(SocketAddress address)
    {
        try
        {
            using FileDescriptor connection = UnixSocket.Connect(address.Path);
            return true;
        }
        catch (SyscallException e) when (e.Errno == Errno.EAGAIN)
        {
            return true;
        }
        catch (SyscallException)
        {
            // Refused, gone, or not a socket at all: nobody to talk to.
            return false;
        }
    }

    /// <summary>Removes the file of a shim that died without doing so itself; one that answers is left alone.</summary>
    public static void RemoveIfDead(SocketAddress address)
    {
        if (Files.TryStatus(address.Path) is { Type: FileType.Socket } && !Answers(address))
        {
            Files.TryUnlink(address.Path);
        }
    }

    /// <summary>Makes the directory of sockets, and those above it, mode 0700.</summary>
    public static void MakeDirectory(string path)
    {
        if (path.Length == 0 || Files.TryStatus(path) is not null)
        {
            return;
        }
        MakeDirectory(path[..Math.Max(path.LastIndexOf('/'), 0)]);
        try
        {
            Files.MakeDirectory(path, 0x1C0);
        }
        catch (SyscallException e) when (e.Errno == Errno.EEXIST)
        {
            // The helper of another container was faster.
        }
    }

    private static FileDescriptor Open(SocketAddress address)
    {
        FileDescriptor socket = UnixSocket.Listen(address.Path);
        try
        {
            Files.SetMode(address.Path, OwnerOnly);
            return socket;
        }
        catch (SyscallException)
        {
            socket.Dispose();
            Files.TryUnlink(address.Path);
            throw;
        }
    }
}
