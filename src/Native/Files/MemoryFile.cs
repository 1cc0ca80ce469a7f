namespace ShimStack.Native.Files;

/// <summary>A file without a name, in memory. See memfd_create(2).</summary>
public static unsafe class MemoryFile
{
    private const uint MFD_CLOEXEC = 1;

    /// <summary>A file that holds <paramref name="content"/>, with its offset at the start. See memfd_create(2).</summary>
    /// <param name="name">Shown in /proc/self/fd.</param>
    /// <param name="content">What is in it.</param>
    public static FileDescriptor Create(string name, ReadOnlySpan<byte> content)
    {
        FileDescriptor file = FileDescriptor.Take(Syscall.Check(LinuxCalls.memfd_create(name, MFD_CLOEXEC), name));
        try
        {
            for (long offset = 0; !content.IsEmpty;)
            {
                IoResult written = Files.WriteAt(file, content, offset);
                if (!written.IsOk)
                {
                    throw new SyscallException("pwrite", written.Errno, name);
                }

                content = content[written.Count..];
                offset += written.Count;
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
