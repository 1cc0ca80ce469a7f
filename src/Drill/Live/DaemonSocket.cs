using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Sockets;

namespace ShimStack.Drill.Live;

/// <summary>Whose socket it is that clients connect to.</summary>
internal static class DaemonSocket
{
    // A socket that systemd made and handed on has the pid of who called listen(2): see unix(7), SO_PEERCRED, and systemd.socket(5).
    private const int ServiceManager = 1;
    private const string IsListening = "00010000";

    /// <exception cref="DrillException">Nobody listens there, or nobody who can be seen from here.</exception>
    public static DaemonProcess Owner(string address)
    {
        try
        {
            return Find(address) ?? throw new DrillException(
                $"the process that listens on {address} cannot be seen from here, or is process 1: a live daemon is drilled where it runs");
        }
        catch (SyscallException e)
        {
            throw new DrillException($"nobody listens on {address} ({e.Errno}): name the daemon's socket with --address", e);
        }
    }

    /// <summary>The same, null if there is none.</summary>
    public static DaemonProcess? TryOwner(string address)
    {
        try
        {
            return Find(address);
        }
        catch (SyscallException)
        {
            return null;
        }
    }

    private static DaemonProcess? Find(string address)
    {
        using FileDescriptor connection = UnixSocket.Connect(address);
        int pid = PeerCredentials.Of(connection).Pid;
        return pid == ServiceManager ? Holder(address) : DaemonProcess.TryRead(pid);
    }

    // Who has the socket open beside the service manager.
    private static DaemonProcess? Holder(string address)
    {
        string real = Files.RealPath(address);
        string[] sockets = [.. File.ReadLines("/proc/net/unix")
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length == 8 && fields[3] == IsListening && (fields[7] == address || IsSame(fields[7], real)))
            .Select(static fields => $"socket:[{fields[6]}]")];
        return Directory.EnumerateDirectories("/proc")
            .Select(PidOf)
            .Where(pid => pid > ServiceManager && Descriptors(pid).Any(sockets.Contains))
            .Select(DaemonProcess.TryRead)
            .FirstOrDefault(static process => process is not null);
    }

    private static int PidOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0;

    private static bool IsSame(string path, string real)
    {
        try
        {
            return path.StartsWith('/') && Files.RealPath(path) == real;
        }
        catch (SyscallException)
        {
            return false; // It is not there any more, its socket still is.
        }
    }

    private static IEnumerable<string> Descriptors(int pid)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd");
        string[] files;
        try
        {
            files = Directory.GetFileSystemEntries(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break; // It has ended.
        }

        foreach (string file in files)
        {
            string? target = null;
            try
            {
                target = Files.ReadLink(file);
            }
            catch (SyscallException)
            {
                // Closed meanwhile.
            }

            if (target is not null)
            {
                yield return target;
            }
        }
    }
}
