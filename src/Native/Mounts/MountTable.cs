using System.Text;
using ShimStack.Native.Files;

namespace ShimStack.Native.Mounts;

/// <summary>All that is mounted in the mount namespace of the calling thread.</summary>
public static class MountTable
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>
    /// Reads the table in the order of the kernel: of two mounts at one place the later one is on top. See proc_pid_mountinfo(5).
    /// </summary>
    public static IReadOnlyList<MountEntry> Read()
    {
        using FileDescriptor table = Native.Files.Files.Open("/proc/thread-self/mountinfo", OpenFlags.O_RDONLY);
        byte[] buffer = new byte[ChunkSize];
        int length = 0;
        while (true)
        {
            IoResult result = Native.Files.Files.Read(table, buffer.AsSpan(length));
            if (!result.IsOk)
            {
                throw new SyscallException("read", result.Errno, "mountinfo");
            }

            if (result.IsEnd)
            {
                return Parse(Encoding.UTF8.GetString(buffer, 0, length));
            }

            length += result.Count;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    internal static IReadOnlyList<MountEntry> Parse(string table) =>
        Array.ConvertAll(table.Split('\n', StringSplitOptions.RemoveEmptyEntries), MountEntry.Parse);
}
