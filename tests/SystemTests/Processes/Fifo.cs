using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ShimStack.SystemTests.Processes;

/// <summary>
/// The client's end of an output FIFO, made and read as containerd's own clients do: opened for reading before the task is created, and kept
/// open by this process, whatever happens to the daemon. See fifo(7).
/// </summary>
internal sealed partial class Fifo
{
    private const int O_RDONLY = 0;
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;
    private const short POLLIN = 1;

    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();

    private Fifo(string path) => Path = path;

    public string Path { get; }

    /// <summary>Completes with everything that was written once the last writer has closed.</summary>
    public Task<string> Completion { get; private set; } = Task.FromResult("");

    /// <summary>What has arrived so far.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    public static Fifo Create(string path)
    {
        Make(path);
        SafeFileHandle end = OpenReader(path);
        Fifo fifo = new(path);
        TaskCompletionSource<string> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        fifo.Completion = done.Task;
        new Thread(() => done.SetResult(fifo.ReadAll(end))) { IsBackground = true, Name = path }.Start();
        return fifo;
    }

    /// <summary>The reading end, without waiting for a writer.</summary>
    public static SafeFileHandle OpenReader(string path)
    {
        int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"open {path}: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Waits for bytes, then reads them: their number, 0 at the end of the last writer, -1 when none came in time (-1 ms: no limit).</summary>
    public static int Read(SafeFileHandle end, byte[] buffer, int milliseconds)
    {
        int descriptor = (int)end.DangerousGetHandle();
        PollDescriptor poll = new() { Descriptor = descriptor, Events = POLLIN };
        // Until the first writer comes, poll waits; read would answer "end" at once.
        return Fifo.poll(ref poll, 1, milliseconds) == 0 ? -1 : (int)read(descriptor, buffer, buffer.Length);
    }

    public static void Make(string path)
    {
        if (mkfifo(path, 0b110_100_100) != 0)
        {
            throw new IOException($"mkfifo {path}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    private string ReadAll(SafeFileHandle end)
    {
        using SafeFileHandle handle = end;
        byte[] buffer = new byte[65536];
        while (Read(handle, buffer, -1) is int count && count != 0)
        {
            lock (_lock)
            {
                _text.Append(Encoding.UTF8.GetString(buffer, 0, Math.Max(count, 0)));
            }
        }

        return Text;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, [Out] byte[] buffer, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollDescriptor descriptors, nuint count, int timeout);
}
