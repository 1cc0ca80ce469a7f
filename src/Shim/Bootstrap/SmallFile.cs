using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// Small files in one piece, by plain system calls: the framework's file streams would be the largest part of a helper's start.
/// </summary>
internal static class SmallFile
{
    /// <summary>No file that a shim reads is larger than this, in bytes.</summary>
    public const int MaxLength = 64 << 20;

    // Longer ones, specs of containers as a rule, take memory of their own.
    private const int UsualLength = 4096;

    /// <summary>The content of <paramref name="path"/>.</summary>
    /// <exception cref="SyscallException">It cannot be opened or read; EFBIG if it is longer than <see cref="MaxLength"/>.</exception>
    public static byte[] ReadAll(string path)
    {
        using FileDescriptor file = Files.Open(path, OpenFlags.O_RDONLY);
        return ReadToEnd(file, MaxLength, path);
    }

    /// <summary>As <see cref="ReadAll"/>; null if there is no such file.</summary>
    public static byte[]? TryReadAll(string path)
    {
        try
        {
            return ReadAll(path);
        }
        catch (SyscallException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>Reads until the end of the stream; a non-blocking one must not be empty before.</summary>
    /// <param name="file">What to read.</param>
    /// <param name="maxLength">How much is too much, in bytes.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <exception cref="SyscallException">The read failed; EFBIG if there is more than <paramref name="maxLength"/>.</exception>
    public static byte[] ReadToEnd(FileDescriptor file, int maxLength, string name)
    {
        Span<byte> buffer = stackalloc byte[UsualLength];
        int length = 0;
        while (true)
        {
            IoResult read = Files.Read(file, buffer[length..]);
            if (!read.IsOk)
            {
                throw new SyscallException("read", read.Errno, name);
            }
            if (read.IsEnd)
            {
                return buffer[..length].ToArray();
            }
            length += read.Count;
            if (length > maxLength)
            {
                throw new SyscallException("read", Errno.EFBIG, name);
            }
            if (length == buffer.Length)
            {
                byte[] larger = new byte[length * 2];
                buffer.CopyTo(larger);
                buffer = larger;
            }
        }
    }

    /// <summary>Writes to a file that is there: one of the kernel's, as a rule.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using FileDescriptor file = Files.Open(path, OpenFlags.O_WRONLY);
        Files.WriteAll(file, content, path);
    }
}
