using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Hosting;

/// <summary>A lock on a file that ends with its holder, however that ends. See flock(2).</summary>
internal sealed class FileDescriptorLock : IDisposable
{
    private readonly FileDescriptor _file;

    private FileDescriptorLock(FileDescriptor file) => _file = file;

    /// <summary>Takes the lock, and makes the file if it is not there; null if somebody else has it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kept">Has it already if the build before had it, and keeps it for the next.</param>
    /// <exception cref="SyscallException">The file cannot be made.</exception>
    public static FileDescriptorLock? Take(string path, KeptDescriptors? kept = null)
    {
        string name = $"lock {path}";
        FileDescriptor file = kept?.TryClaim(name, descriptor => IsFileAt(path, descriptor))
            ?? Files.Open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW, 0x180 /* 0600 */);
        if (Files.TryLock(file))
        {
            kept?.Keep(name, file);
            return new FileDescriptorLock(file);
        }

        file.Dispose();
        return null;
    }

    public void Dispose() => _file.Dispose();

    private static bool IsFileAt(string path, FileDescriptor descriptor)
    {
        FileStatus held = Files.Status(descriptor);
        return Files.TryLinkStatus(path) is FileStatus there && (there.Device, there.Inode) == (held.Device, held.Inode);
    }
}
