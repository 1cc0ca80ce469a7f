namespace ShimStack.ShimDriver.Host;

/// <summary>The two ends of a pipe, closed in any order, once each. See pipe(2).</summary>
public sealed class DescriptorPair : IDisposable
{
    private readonly int[] _ends = new int[2];

    public unsafe DescriptorPair()
    {
        fixed (int* ends = _ends)
        {
            LibC.Check(LibC.Pipe(ends, LibC.O_CLOEXEC), "pipe2");
        }
    }

    public int ReadEnd => _ends[0];

    public int WriteEnd => _ends[1];

    public void CloseReadEnd() => Close(0);

    public void CloseWriteEnd() => Close(1);

    /// <summary>Writes all of it: no more than fits into the pipe while nobody reads.</summary>
    public unsafe void Write(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            if (LibC.Check((int)LibC.Write(WriteEnd, start, data.Length), "write") != data.Length)
            {
                throw new IOException($"{data.Length} bytes do not fit into a pipe");
            }
        }
    }

    /// <summary>Everything until every writer has closed.</summary>
    public unsafe byte[] ReadToEnd()
    {
        using var all = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        int count;
        do
        {
            fixed (byte* start = buffer)
            {
                count = LibC.Check((int)LibC.Read(ReadEnd, start, buffer.Length), "read");
            }

            all.Write(buffer[..count]);
        }
        while (count > 0);
        return all.ToArray();
    }

    public void Dispose()
    {
        CloseReadEnd();
        CloseWriteEnd();
    }

    private void Close(int end)
    {
        if (_ends[end] >= 0)
        {
            _ = LibC.Close(_ends[end]);
            _ends[end] = -1;
        }
    }
}
