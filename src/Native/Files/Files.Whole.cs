namespace ShimStack.Native.Files;

/// <content>Whole contents.</content>
public static unsafe partial class Files
{
    /// <summary>Writes everything to a blocking descriptor.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="content">What.</param>
    /// <param name="name">What the descriptor is, for messages.</param>
    /// <exception cref="SyscallException">Not all of it could be written.</exception>
    public static void WriteAll(FileDescriptor file, ReadOnlySpan<byte> content, string name)
    {
        while (!content.IsEmpty)
        {
            IoResult written = Write(file, content);
            if (!written.IsOk)
            {
                throw new SyscallException("write", written.Errno, name);
            }
            content = content[written.Count..];
        }
    }

    /// <summary>
    /// Puts a new content in place of the old in one step: whoever reads sees the one or the other, never half of it. See rename(2).
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="mode">Its permission bits, less the umask.</param>
    /// <param name="sync">Whether the content must be on the disk before the name is. Not needed below /run, which is memory.</param>
    /// <exception cref="SyscallException">It could not be written, and is as it was.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, int mode, bool sync = false)
    {
        int slash = path.LastIndexOf('/') + 1;
        string temporary = $"{path[..slash]}.{path[slash..]}.tmp";
        TryUnlink(temporary);
        try
        {
            using (FileDescriptor file = Open(temporary, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, mode))
            {
                WriteAll(file, content, temporary);
                if (sync)
                {
                    Sync(file);
                }
            }
            Rename(temporary, path);
        }
        catch (SyscallException)
        {
            TryUnlink(temporary);
            throw;
        }
    }
}
