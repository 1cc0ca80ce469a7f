using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Supervisor.Data;

/// <summary>
/// What <see cref="Schema"/> makes of an empty file, as an image in the program: to make it anew takes a tenth of the first start, and some
/// waits for the disk. A test compares the two. See https://www.sqlite.org/fileformat.html.
/// </summary>
internal static class EmptyDatabase
{
    /// <summary>Puts it there, whole or not at all, if there is nothing; a symbolic link that leads nowhere is something.</summary>
    /// <param name="path">Of the database.</param>
    /// <param name="mode">Its permission bits, less the umask.</param>
    /// <exception cref="SyscallException">It cannot be written.</exception>
    public static void PutWhereNothingIs(string path, int mode)
    {
        if (Files.TryLinkStatus(path) is not null)
        {
            return;
        }

        string made = path + ".new";
        using (FileDescriptor file = Files.Open(made, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_NOFOLLOW, mode))
        {
            Write(file, Image(), made);
            Files.Sync(file);
        }

        // Of a database that was moved away: SQLite would take them for this one's, and read them into it.
        Files.TryUnlink(path + "-wal");
        Files.TryUnlink(path + "-journal");
        Files.Rename(made, path);
    }

    private static byte[] Image()
    {
        using Stream image = typeof(EmptyDatabase).Assembly.GetManifestResourceStream("empty.db")
            ?? throw new InvalidOperationException("no image of an empty database");
        byte[] bytes = new byte[image.Length];
        image.ReadExactly(bytes);
        return bytes;
    }

    private static void Write(FileDescriptor file, ReadOnlySpan<byte> bytes, string path)
    {
        for (int offset = 0; offset < bytes.Length;)
        {
            IoResult written = Files.WriteAt(file, bytes[offset..], offset);
            offset += written.IsOk ? written.Count : throw new SyscallException("write", written.Errno, path);
        }
    }
}
