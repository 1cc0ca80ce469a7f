using System.Net.Sockets;
using ShimStack.Native.Files;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// A path on which we may listen. What a dead daemon has left is taken away; a socket on which somebody answers, and what is no socket, is left
/// alone. Whoever holds the lock beside the path is the only one to decide that, and keeps it as long as it serves.
/// </summary>
internal sealed class ListenPath : IDisposable
{
    private readonly FileDescriptorLock _lock;

    private ListenPath(string path, FileDescriptorLock held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <exception cref="StartupException">Somebody else has it, or it cannot be had.</exception>
    public static ListenPath Claim(string path)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        FileDescriptorLock held = FileDescriptorLock.Take(path + ".lock")
            ?? throw new StartupException($"another shimstackd serves on {path}: stop it, or choose another --address");
        try
        {
            RemoveStale(path);
            return new ListenPath(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

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
