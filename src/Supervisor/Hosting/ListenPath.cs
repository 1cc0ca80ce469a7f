using System.Net.Sockets;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Sockets;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// A path on which we may listen. What a dead daemon has left is taken away; a socket on which somebody answers, and what is no socket, is left
/// alone. Whoever holds the lock beside the path is the only one to decide that, and keeps it as long as it serves. Lock and socket outlive a build
/// that another one takes the place of.
/// </summary>
internal sealed class ListenPath : IDisposable
{
    private const int OwnerOnly = 0x180; // 0600

    private readonly FileDescriptorLock _lock;
    private readonly KeptDescriptors _kept;
    private FileDescriptor? _socket;

    private ListenPath(string path, FileDescriptorLock held, KeptDescriptors kept, FileDescriptor? socket) =>
        (Path, _lock, _kept, _socket) = (path, held, kept, socket);

    public string Path { get; }

    /// <param name="path">The path.</param>
    /// <param name="kept">What outlives this build; null for nothing.</param>
    /// <exception cref="StartupException">Somebody else has it, or it cannot be had.</exception>
    public static ListenPath Claim(string path, KeptDescriptors? kept = null)
    {
        kept ??= new KeptDescriptors();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        FileDescriptorLock held = FileDescriptorLock.Take(path + ".lock", kept)
            ?? throw new StartupException($"another shimstackd serves on {path}: stop it, or choose another --address");
        try
        {
            FileDescriptor? socket = kept.TryClaim(NameOf(path), descriptor => ListensAt(path, descriptor));
            if (socket is null)
            {
                RemoveStale(path);
            }

            return new ListenPath(path, held, kept, socket);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A socket that listens here, for our own user alone; the one of the build before, if that has left one. It is not marked close-on-exec: the
    /// framework may shut down what it closes if nobody else can have it (SafeSocketHandle), and it would be shut for the next build, too. No child
    /// gets it for all that, see spawn.c.
    /// </summary>
    /// <exception cref="SyscallException">It cannot be made.</exception>
    public Socket Listen()
    {
        if (_socket is null)
        {
            _socket = UnixSocket.Listen(Path, OwnerOnly);
            _kept.Keep(NameOf(Path), _socket);
        }

        FileDescriptor lent = Files.Duplicate(_socket);
        Files.SetInherited(lent, true);
        return new Socket(new SafeSocketHandle(lent.Release(), ownsHandle: true));
    }

    /// <summary>The same for a socket that keeps messages apart, which no framework serves.</summary>
    /// <exception cref="SyscallException">It cannot be made.</exception>
    public FileDescriptor ListenForPackets()
    {
        if (_socket is null)
        {
            _socket = PacketSocket.Listen(Path, OwnerOnly);
            _kept.Keep(NameOf(Path), _socket);
        }

        return Files.Duplicate(_socket);
    }

    public void Dispose()
    {
        if (_socket is not null)
        {
            if (!_kept.GoOn)
            {
                Files.TryUnlink(Path);
            }

            _socket.Dispose();
        }

        _lock.Dispose();
    }

    private static string NameOf(string path) => $"socket {path}";

    private static bool ListensAt(string path, FileDescriptor descriptor) =>
        UnixSocket.IsListening(descriptor) && UnixSocket.PathOf(descriptor) == path && Files.TryLinkStatus(path) is { Type: FileType.Socket };

    private static void RemoveStale(string path)
    {
        FileStatus? found = Files.TryLinkStatus(path);
        if (found is null)
        {
            return;
        }

        if (found.Value.Type != FileType.Socket)
        {
            throw new StartupException($"{path} is there already, and is no socket: remove it, or choose another --address");
        }

        if (SomebodyAnswers(path))
        {
            throw new StartupException($"{path} is in use by another program: stop it, or choose another --address");
        }

        Files.Unlink(path);
    }

    private static bool SomebodyAnswers(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false }; // it may be too busy to accept
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
        }
    }
}
