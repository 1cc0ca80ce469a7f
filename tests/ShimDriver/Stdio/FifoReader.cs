using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Stdio;

/// <summary>
/// Reads one FIFO on a thread of its own until every writer has gone. The read end is open when the constructor returns, as a client has it
/// before it calls Create.
/// </summary>
public sealed class FifoReader : IDisposable
{
    private readonly int _fifo;
    private readonly int _stop;
    private readonly Thread _thread;
    private readonly bool _keeps;
    private readonly StringBuilder _text = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private bool _closed;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="path">An existing FIFO.</param>
    /// <param name="keepsText">False: bytes are only counted.</param>
    /// <param name="outlivesWriters">True: holds a write end too, so that there is no end of file between one writer and the next.</param>
    public FifoReader(string path, bool keepsText = true, bool outlivesWriters = false)
    {
        _keeps = keepsText;
        int access = outlivesWriters ? LibC.O_RDWR : LibC.O_RDONLY;
        _fifo = LibC.Check(LibC.Open(path, access | LibC.O_NONBLOCK | LibC.O_CLOEXEC), $"open {path}");
        _stop = LibC.Check(LibC.EventDescriptor(0, LibC.EFD_CLOEXEC), "eventfd");
        _thread = new Thread(ReadAll, 256 * 1024) { IsBackground = true, Name = "fifo" };
        _thread.Start();
    }

    /// <summary>Ends when the last writer has closed, or when the reader is disposed of.</summary>
    public Task End => _end.Task;

    public long BytesRead { get; private set; }

    /// <summary>When the first and the last chunk came, on the clock of <see cref="Stopwatch"/>; 0 if none.</summary>
    public long FirstByteAt { get; private set; }

    public long LastByteAt { get; private set; }

    /// <summary>All that was read so far, as UTF-8.</summary>
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

    /// <summary>Waits until the text so far satisfies the condition. Throws <see cref="TimeoutException"/> with the text if it never does.</summary>
    public async Task WaitForTextAsync(Func<string, bool> condition, TimeSpan timeout)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (condition(_text.ToString()))
                {
                    return;
                }

                more = _more.Task;
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(started);
            if (End.IsCompleted || left <= TimeSpan.Zero || await Task.WhenAny(more, End, Task.Delay(left)) is var first && first != more && first != End)
            {
                throw new TimeoutException($"this output never became what was awaited: '{Text}'");
            }
        }
    }

    /// <summary>Stops reading and closes the read end, as a client does that goes away.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        unsafe
        {
            ulong one = 1;
            _ = LibC.Write(_stop, (byte*)&one, sizeof(ulong)); // an eventfd takes 8 bytes or is already signalled
        }

        _thread.Join();
        _ = LibC.Close(_fifo);
        _ = LibC.Close(_stop);
    }

    private void ReadAll()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (WaitForData() && ReadSome(buffer) is > 0 and int count)
            {
                Take(buffer.AsSpan(0, count));
            }

            _end.TrySetResult();
        }
        catch (IOException e)
        {
            _end.TrySetException(e);
        }
    }

    private void Take(ReadOnlySpan<byte> data)
    {
        long now = Stopwatch.GetTimestamp();
        FirstByteAt = FirstByteAt == 0 ? now : FirstByteAt;
        LastByteAt = now;
        BytesRead += data.Length;
        if (!_keeps)
        {
            return;
        }

        TaskCompletionSource more;
        lock (_lock)
        {
            Span<char> characters = new char[_decoder.GetCharCount(data, flush: false)];
            _decoder.GetChars(data, characters, flush: false);
            _text.Append(characters);
            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }

    // A FIFO that never had a writer reports nothing; one whose writers have gone reports POLLHUP. See poll(2).
    private unsafe bool WaitForData()
    {
        LibC.PollDescriptor* descriptors = stackalloc LibC.PollDescriptor[2];
        descriptors[0] = new LibC.PollDescriptor { Descriptor = _fifo, Events = LibC.POLLIN };
        descriptors[1] = new LibC.PollDescriptor { Descriptor = _stop, Events = LibC.POLLIN };
        while (LibC.Poll(descriptors, 2, -1) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != LibC.EINTR)
            {
                throw new IOException($"poll: {Marshal.GetPInvokeErrorMessage(errno)}");
            }
        }

        return descriptors[1].Returned == 0;
    }

    private unsafe int ReadSome(byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            return LibC.Check((int)LibC.Read(_fifo, start, buffer.Length), "read");
        }
    }
}
