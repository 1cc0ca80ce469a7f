namespace ShimStack.Ttrpc.Tests;

/// <summary>One direction in memory, bounded as a socket is.</summary>
internal sealed class MemoryPipe(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<byte> _bytes = [];
    private TaskCompletionSource? _changed;
    private bool _closed;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            TaskCompletionSource change;
            lock (_gate)
            {
                int count = 0;
                while (count < buffer.Length && _bytes.TryDequeue(out byte next))
                {
                    buffer.Span[count++] = next;
                }
                if (count > 0 || _closed)
                {
                    Changed();
                    return count;
                }
                change = Change.Next(ref _changed);
            }
            await Change.WaitAsync(change, cancellation);
        }
    }

    public async ValueTask<int> WriteSomeAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        while (true)
        {
            TaskCompletionSource change;
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
                    Changed();
                    return count;
                }
                change = Change.Next(ref _changed);
            }
            await Change.WaitAsync(change, cancellation);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Changed();
        }
    }

    private void Changed() => _changed?.TrySetResult();
}
