using System.Diagnostics.CodeAnalysis;

namespace ShimStack.Ttrpc;

/// <summary>
/// Writes whole frames to a stream, one after the other, in the order in which they were queued, by whichever thread finds nobody
/// writing. Correct with and without a synchronization context.
/// </summary>
/// <param name="stream">Where bytes go; unbuffered, it is never flushed.</param>
/// <param name="failed">Called once, when a write fails; everything queued is then dropped.</param>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to dispose.")]
internal sealed class FrameWriter(Stream stream, Action<Exception> failed)
{
    /// <summary>How many queued bytes stop those who can wait, in bytes.</summary>
    internal const int RoomLimit = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _queue = [];
    private readonly CancellationTokenSource _stop = new();
    private ReadOnlyMemory<byte> _current;
    private int _currentLength;
    private long _queued;
    private bool _writing;
    private bool _stopped;
    private bool _hasFailed;
    private TaskCompletionSource? _progress;

    /// <summary>How many bytes wait to be written, those on their way included.</summary>
    internal long QueuedLength
    {
        get
        {
            lock (_gate)
            {
                return _queued;
            }
        }
    }

    /// <summary>Queues a frame and starts to write if nobody is at it. Never waits; dropped if the writer has stopped.</summary>
    public void Send(ReadOnlyMemory<byte> frame)
    {
        Enqueue(frame);
        Start();
    }

    /// <summary>
    /// Queues a frame without touching the stream, so that it may be called under a lock. <see cref="Start"/> must follow.
    /// </summary>
    public void Enqueue(ReadOnlyMemory<byte> frame)
    {
        lock (_gate)
        {
            if (!_stopped && !frame.IsEmpty)
            {
                _queue.Enqueue(frame);
                _queued += frame.Length;
            }
        }
    }

    /// <summary>Writes what is queued, unless somebody is at it.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_writing || _stopped || _queue.Count == 0)
            {
                return;
            }
            _writing = true;
        }
        _ = WriteQueueAsync(); // it ends by itself and reports its failure to `failed`
    }

    /// <summary>Waits until fewer bytes than <paramref name="limit"/> are queued, or the writer has stopped.</summary>
    public async ValueTask WaitForRoomAsync(int limit, CancellationToken cancellation)
    {
        while (true)
        {
            TaskCompletionSource progress;
            lock (_gate)
            {
                if (_stopped || _queued < limit)
                {
                    return;
                }
                progress = Change.Next(ref _progress);
            }
            await Change.WaitAsync(progress, cancellation);
        }
    }

    /// <summary>Stops writing and gives what has not gone out, from the byte on at which the stream stands.</summary>
    /// <returns>Null if the stream has failed.</returns>
    public async ValueTask<byte[]?> PutDownAsync()
    {
        Stop();
        while (true)
        {
            TaskCompletionSource progress;
            lock (_gate)
            {
                if (!_writing)
                {
                    return _hasFailed ? null : Unwritten();
                }
                progress = Change.Next(ref _progress);
            }
            await progress.Task;
        }
    }

    /// <summary>Writes nothing more; what is queued stays queued and what comes is dropped.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
        }
        _stop.Cancel();
        Progressed();
    }

    private async Task WriteQueueAsync()
    {
        try
        {
            while (TryNext())
            {
                await WriteCurrentAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Put down: _current begins at the byte where the stream stands.
            Stopped(failure: null);
        }
        catch (Exception e)
        {
            Stopped(e);
        }
    }

    private async ValueTask WriteCurrentAsync()
    {
        if (stream is not IPartialWriter partial)
        {
            await stream.WriteAsync(_current, CancellationToken.None); // not cancelled: nobody could say how far it came
            _current = default;
            return;
        }
        while (!_current.IsEmpty)
        {
            int count = await partial.WriteSomeAsync(_current, _stop.Token);
            _current = _current[count..];
        }
    }

    private bool TryNext()
    {
        bool found;
        lock (_gate)
        {
            _queued -= _currentLength;
            found = !_stopped && _queue.Count > 0;
            _writing = found;
            _current = found ? _queue.Dequeue() : default;
            _currentLength = _current.Length;
        }
        Progressed();
        return found;
    }

    private void Stopped(Exception? failure)
    {
        lock (_gate)
        {
            _writing = false;
            _stopped = true;
            _hasFailed = failure is not null;
        }
        Progressed();
        if (failure is not null)
        {
            failed(failure);
        }
    }

    private void Progressed()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            waiting = _progress;
            _progress = null;
        }
        waiting?.TrySetResult();
    }

    /// <summary>What has not gone out, from the byte on at which the stream stands. Nobody may be in the middle of a write.</summary>
    public byte[] Unwritten()
    {
        List<byte> bytes = [.. _current.Span];
        foreach (ReadOnlyMemory<byte> frame in _queue)
        {
            bytes.AddRange(frame.Span);
        }
        return [.. bytes];
    }
}
