using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Supervisor.Hosting;

/// <summary>A lock on a file that ends with its holder, however that ends. See flock(2).</summary>
internal sealed class FileDescriptorLock : IDisposable
{
    private readonly FileDescriptor _file;

    private FileDescriptorLock(FileDescriptor file) => _file = file;

    /// <summary>Takes the lock, and makes the file if it is not there; null if somebody else has it.</summary>
    /// <exception cref="SyscallException">The file cannot be made.</exception>
    public static FileDescriptorLock? Take(string path)
    {
        FileDescriptor file = Files.Open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW, 0x180 /* 0600 */);
        if (Files.TryLock(file))
        {
            return new FileDescriptorLock(file);
        }

        file.Dispose();
        return null;
    }

    public void Dispose() => _file.Dispose();
}
