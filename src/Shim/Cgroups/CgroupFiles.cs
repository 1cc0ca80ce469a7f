using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// The files of one cgroup directory, read without garbage: a kubelet asks for all of them every ten seconds. What cannot be read
/// is empty, whatever the reason: a file that this kernel does not have (ENOENT), a cgroup that vanishes between two reads
/// (ENODEV), pressure that is not accounted (EOPNOTSUPP).
/// </summary>
internal readonly ref struct CgroupFiles : IDisposable
{
    private const int NumberLength = 32;

    private readonly FileDescriptor? _directory;
    private readonly Span<byte> _buffer;

    /// <summary>Opens a directory; null, or one that is gone, has no files.</summary>
    /// <param name="directory">The cgroup.</param>
    /// <param name="buffer">Where the text of one file at a time is put; a longer file gets memory of its own.</param>
    public CgroupFiles(string? directory, Span<byte> buffer)
    {
        _directory = TryOpen(directory);
        _buffer = buffer;
    }

    /// <summary>The directory was there when it was opened.</summary>
    public bool IsThere => _directory is not null;

    /// <summary>The text of a file, until the next one is read; empty if it cannot be read.</summary>
    public ReadOnlySpan<byte> Read(string name)
    {
        Span<byte> buffer = _buffer;
        while (_directory is not null)
        {
            IoResult result = Files.ReadIn(_directory, name, buffer);
            if (result.Count < buffer.Length)
            {
                return buffer[..result.Count];
            }

            buffer = new byte[buffer.Length * 2];
        }

        return default;
    }

    /// <summary>The number that is all of a file's text; 0 if it cannot be read. What <see cref="Read"/> gave stays.</summary>
    public ulong Number(string name)
    {
        Span<byte> text = stackalloc byte[NumberLength];
        return _directory is null ? 0 : KernelNumber.Parse(text[..Files.ReadIn(_directory, name, text).Count]);
    }

    public void Dispose() => _directory?.Dispose();

    private static FileDescriptor? TryOpen(string? directory)
    {
        try
        {
            return directory is null ? null : Files.Open(directory, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        }
        catch (SyscallException)
        {
            // The container has ended and somebody has removed its cgroup already.
            return null;
        }
    }
}
