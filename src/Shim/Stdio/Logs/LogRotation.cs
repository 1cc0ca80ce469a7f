using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>
/// When a log file is full, and how it makes room: path becomes path.1, path.1 becomes path.2, and the last one goes. Each step is
/// one rename(2): a reader that has a file open reads it to its end, and one that goes by names finds each line in one of them.
/// </summary>
internal static class LogRotation
{
    /// <summary>How many of <paramref name="bytes"/> go into the present file, never a part of a line only; 0: it is full.</summary>
    /// <param name="bytes">Whole lines or parts of them.</param>
    /// <param name="maxSize">Of a file; one line alone may be longer.</param>
    /// <param name="size">Of the present file.</param>
    /// <param name="atLineStart">The present file ends with a whole line.</param>
    public static int Fitting(ReadOnlySpan<byte> bytes, long maxSize, long size, bool atLineStart)
    {
        long room = maxSize - size;
        if (bytes.Length <= room)
        {
            return bytes.Length;
        }

        int lines = room <= 0 ? 0 : bytes[..(int)room].LastIndexOf((byte)'\n') + 1;
        if (lines > 0 || (atLineStart && size > 0))
        {
            return lines;
        }

        // A line that has begun, or one that is longer than a file may be: it ends where it began.
        int line = bytes.IndexOf((byte)'\n') + 1;
        return line > 0 ? line : bytes.Length;
    }

    /// <summary>Renames; afterwards there is no file at <paramref name="path"/>.</summary>
    /// <exception cref="SyscallException">A step failed; those before it are done, and nothing is lost but the last file.</exception>
    public static void Shift(string path, int maxFiles)
    {
        if (maxFiles == 1)
        {
            Files.TryUnlink(path);
            return;
        }

        for (int number = maxFiles - 1; number > 1; number--)
        {
            if (Files.TryLinkStatus(Name(path, number - 1)) is not null)
            {
                Files.Rename(Name(path, number - 1), Name(path, number));
            }
        }

        if (Files.TryLinkStatus(path) is not null)
        {
            Files.Rename(path, Name(path, 1));
        }
    }

    private static string Name(string path, int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
}
