using System.Runtime.InteropServices;

namespace ShimStack.Native.Polling;

/// <summary>Tells what happens to files; the names in directory events are left out. See inotify(7).</summary>
public sealed class Inotify : IDisposable
{
    private const int HeaderSize = 16;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    private Inotify(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>Readable while there are events; non-blocking.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Watches nothing yet. See inotify_init1(2).</summary>
    public static Inotify Create() => new(FileDescriptor.Take(Syscall.Check(LinuxCalls.inotify_init1(LinuxCalls.NONBLOCK_CLOEXEC))));

    /// <summary>
    /// Watches the file behind <paramref name="path"/>; the same file again changes its one watch. See inotify_add_watch(2).
    /// </summary>
    public int AddWatch(string path, InotifyEvents mask) => Syscall.Check(LinuxCalls.inotify_add_watch(Descriptor, path, (uint)mask), path);

    /// <summary>Stops a watch; false if it was already gone, because its file is. See inotify_rm_watch(2).</summary>
    public bool RemoveWatch(int watch)
    {
        int result = LinuxCalls.inotify_rm_watch(Descriptor, watch);
        if (result == -1 && Syscall.LastErrno == Errno.EINVAL)
        {
            return false;
        }

        Syscall.Check(result, null, "inotify_rm_watch");
        return true;
    }

    /// <summary>
    /// Fills <paramref name="events"/> with what happened and returns how many; 0 says that there is nothing more. Does not allocate. See
    /// inotify(7).
    /// </summary>
    public int Read(Span<InotifyEvent> events)
    {
        int count = 0;
        while (count < events.Length && (_start < _end || Refill()))
        {
            ReadOnlySpan<byte> header = _buffer.AsSpan(_start, HeaderSize);
            ReadOnlySpan<uint> fields = MemoryMarshal.Cast<byte, uint>(header);
            events[count++] = new InotifyEvent((int)fields[0], (InotifyEvents)fields[1]);
            _start += HeaderSize + (int)fields[3];
        }

        return count;
    }

    public void Dispose() => Descriptor.Dispose();

    private bool Refill()
    {
        IoResult result = Files.Files.Read(Descriptor, _buffer);
        if (!result.IsOk && !result.WouldBlock)
        {
            throw new SyscallException("read", result.Errno, "inotify");
        }

        _start = 0;
        _end = result.Count;
        return _end > 0;
    }
}
