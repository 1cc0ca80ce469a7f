namespace ShimStack.Ttrpc.Tests;

/// <summary>One direction in memory, bounded as a socket is.</summary>
internal sealed class MemoryPipe(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<byte> _bytes = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                int count = 0;
                while (count < buffer.Length && _bytes.TryDequeue(out byte next))
                {
                    buffer.Span[count++] = next;
                }
                if (count > 0 || _closed)
                {
                    Change();
                    return count;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    public async ValueTask<int> WriteSomeAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_closed)
                {
                    throw new IOException("broken pipe");
                }
                int count = Math.Min(capacity - _bytes.Count, data.Length);
                for (int i = 0; i < count; i++)
                {
                    _bytes.Enqueue(data.Span[i]);
                }
                if (count > 0)
                {
                    Change();
                    return count;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Change();
        }
    }

    private void Change()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
