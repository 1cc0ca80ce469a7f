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
        int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        ObjectDisposedException.ThrowIf(descriptor < 0, typeof(Fifo));
        Fifo fifo = new(path);
        TaskCompletionSource<string> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        fifo.Completion = done.Task;
        new Thread(() => done.SetResult(fifo.ReadAll(descriptor))) { IsBackground = true, Name = path }.Start();
        return fifo;
    }

    public static void Make(string path)
    {
        if (mkfifo(path, 0b110_100_100) != 0)
        {
            throw new IOException($"mkfifo {path}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    private string ReadAll(int descriptor)
    {
        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        byte[] buffer = new byte[65536];
        PollDescriptor poll = new() { Descriptor = descriptor, Events = POLLIN };
        while (true)
        {
            // Until the first writer comes, poll waits; read would answer "end" at once.
            _ = Fifo.poll(ref poll, 1, -1);
            nint count = read(descriptor, buffer, buffer.Length);
            if (count == 0)
            {
                return Text;
            }

            lock (_lock)
            {
                _text.Append(Encoding.UTF8.GetString(buffer, 0, (int)Math.Max(count, 0)));
            }
        }
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
