using System.Diagnostics;
using ShimStack.Ctl.Output;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Streams;

/// <summary>Copies an output of the container to one of ours until its end, on a thread of its own: both ends may block.</summary>
internal sealed class OutputPump
{
    private const int BufferSize = 64 * 1024;

    private readonly FifoEnd _from;
    private readonly FileDescriptor _to;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _waitingSince;

    public OutputPump(FifoEnd from, FileDescriptor to)
    {
        _from = from;
        _to = to;
        new Thread(Copy) { IsBackground = true, Name = "output" }.Start();
    }

    /// <summary>Every byte has been written.</summary>
    public Task End => _end.Task;

    /// <summary>For how long the container has written nothing; zero while we write.</summary>
    public TimeSpan Quiet => Volatile.Read(ref _waitingSince) is > 0 and long since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    // Somebody who stops reading our output (`| head`) does not stop the container: the rest is dropped, and its exit code is still told.
    private void Copy()
    {
        byte[] buffer = new byte[BufferSize];
        bool isRead = true;
        while (Read(buffer) is { IsOk: true, IsEnd: false } read)
        {
            isRead = isRead && Screen.Bytes(_to, buffer.AsSpan(0, read.Count));
        }

        _end.SetResult();
    }

    private IoResult Read(byte[] buffer)
    {
        Volatile.Write(ref _waitingSince, Stopwatch.GetTimestamp());
        IoResult result = Files.Read(_from.Own, buffer);
        Volatile.Write(ref _waitingSince, 0);
        return result;
    }
}
