using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// A directory that only one shimstackd uses, and in which nobody else can put anything: what lies there is believed, and run as root. The lock
/// ends with its holder.
/// </summary>
internal sealed class OwnDirectory : IDisposable
{
    private const int WritableByOthers = 0x12; // 0022
    private const string LockName = "shimstackd.lock";

    private readonly FileDescriptorLock _lock;

    private OwnDirectory(FileDescriptorLock held) => _lock = held;

    /// <summary>Takes the directory, and makes it with this mode if it is not there.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="flag">By what it is set, for the message.</param>
    /// <param name="mode">For a new one. The mode of one that is there stays as its owner wants it.</param>
    /// <param name="kept">What outlives this build; null for nothing.</param>
    /// <exception cref="StartupException">Somebody else has it, or could change it, or it cannot be had.</exception>
    public static OwnDirectory Claim(string path, string flag, UnixFileMode mode, KeptDescriptors? kept = null)
    {
        try
        {
            Directory.CreateDirectory(path, mode);
            RequireOurs(path, flag);
            FileDescriptorLock held = FileDescriptorLock.Take(Path.Join(path, LockName), kept)
                ?? throw new StartupException($"another shimstackd uses {path}: stop it, or choose another --{flag}");
            return new OwnDirectory(held);
        }
        catch (Exception e) when (e is SyscallException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be used: {e.Message}; choose another --{flag}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void RequireOurs(string path, string flag)
    {
        FileStatus status = Files.Status(path);
        if (status.Uid != CurrentProcess.EffectiveUserId && status.Uid != 0)
        {
            throw new StartupException($"{path} belongs to the user {status.Uid}: choose another --{flag}");
        }

        if ((status.Mode & WritableByOthers) != 0)
        {
            string mode = Convert.ToString(status.Mode, 8);
            throw new StartupException($"{path} may be written by others (mode {mode}): take that right away, or choose another --{flag}");
        }
    }
}
