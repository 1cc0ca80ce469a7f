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

        // Of a database that was moved away: SQLite would take them for this one's, and read them into it.
        Files.TryUnlink(path + "-wal");
        Files.TryUnlink(path + "-journal");
        Files.Replace(path, Image(), mode, sync: true);
    }

    private static byte[] Image()
    {
        using Stream image = typeof(EmptyDatabase).Assembly.GetManifestResourceStream("empty.db")
            ?? throw new InvalidOperationException("no image of an empty database");
        byte[] bytes = new byte[image.Length];
        image.ReadExactly(bytes);
        return bytes;
    }
}
