namespace ShimStack.Native.Files;

/// <content>Bytes: read and written, at once or at a place.</content>
public static unsafe partial class Files
{
    private const int UsualLength = 1024; // of a small file, in bytes

    /// <summary>Reads at most as much as <paramref name="buffer"/> holds; does not allocate. See read(2).</summary>
    public static IoResult Read(FileDescriptor fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.read(fd, start, (nuint)buffer.Length));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>Writes <paramref name="data"/> or the part that fits; does not allocate. See write(2).</summary>
    public static IoResult Write(FileDescriptor fd, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.write(fd, start, (nuint)data.Length));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>
    /// Reads the file <paramref name="path"/> from its start, as much as <paramref name="buffer"/> holds; that it cannot be opened is a value,
    /// too. Does not allocate. See open(2), read(2).
    /// </summary>
    public static IoResult ReadFile(string path, Span<byte> buffer)
    {
        int fd;
        do
        {
            fd = LinuxCalls.open(path, LinuxCalls.O_CLOEXEC, 0);
        }
        while (Syscall.Interrupted(fd));
        return ReadAndClose(fd, buffer);
    }

    /// <summary>
    /// Reads the file <paramref name="name"/> in <paramref name="directory"/> from its start, as much as <paramref name="buffer"/> holds;
    /// that it cannot be opened is a value, too. Does not allocate. See openat(2), read(2).
    /// </summary>
    public static IoResult ReadIn(FileDescriptor directory, string name, Span<byte> buffer)
    {
        int fd;
        do
        {
            fd = LinuxCalls.openat(directory, name, LinuxCalls.O_CLOEXEC, 0);
        }
        while (Syscall.Interrupted(fd));
        return ReadAndClose(fd, buffer);
    }

    /// <summary>
    /// All of the file <paramref name="path"/>, by plain system calls as long as it is small, as records and what the kernel tells are: the framework's
    /// files cost many times that. Null if it is not there.
    /// </summary>
    /// <exception cref="SyscallException">It cannot be read.</exception>
    public static byte[]? TryReadWhole(string path)
    {
        Span<byte> buffer = stackalloc byte[UsualLength];
        IoResult read = ReadFile(path, buffer);
        if (read.Errno == Errno.ENOENT)
        {
            return null;
        }

        return !read.IsOk ? throw new SyscallException("read", read.Errno, path)
            : read.Count < buffer.Length ? buffer[..read.Count].ToArray()
            : File.ReadAllBytes(path);
    }

    /// <summary>The same of a file that is there.</summary>
    /// <exception cref="SyscallException">It cannot be read, or is not there.</exception>
    public static byte[] ReadWhole(string path) => TryReadWhole(path) ?? throw new SyscallException("open", Errno.ENOENT, path);

    /// <summary>Reads at a place of a regular file, whatever its position. See pread(2).</summary>
    public static IoResult ReadAt(FileDescriptor fd, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.pread(fd, start, (nuint)buffer.Length, offset));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>Writes <paramref name="data"/>, or a part of it, at a place of a regular file. See pwrite(2).</summary>
    public static IoResult WriteAt(FileDescriptor fd, ReadOnlySpan<byte> data, long offset)
    {
        fixed (byte* start = data)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.pwrite(fd, start, (nuint)data.Length, offset));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>Waits until what was written has reached the disk. See fsync(2).</summary>
    public static void Sync(FileDescriptor fd) => Syscall.Check(LinuxCalls.fsync(fd));

    // What open returned: a descriptor, or -1.
    private static IoResult ReadAndClose(int fd, Span<byte> buffer)
    {
        if (fd == -1)
        {
            return Syscall.Io(fd);
        }

        IoResult result = ReadToEnd(fd, buffer);
        _ = LinuxCalls.close(fd);
        return result;
    }

    private static IoResult ReadToEnd(int fd, Span<byte> buffer)
    {
        int length = 0;
        fixed (byte* start = buffer)
        {
            while (length < buffer.Length)
            {
                IoResult result = Syscall.Io(LinuxCalls.read(fd, start + length, (nuint)(buffer.Length - length)));
                if (!result.IsOk && !result.Interrupted)
                {
                    return result;
                }

                if (result.IsEnd)
                {
                    break;
                }

                length += result.Count;
            }
        }

        return new IoResult(length, Errno.None);
    }
}
