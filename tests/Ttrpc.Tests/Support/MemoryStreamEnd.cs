namespace ShimStack.Ttrpc.Tests;

/// <summary>One end of a connection in memory; it tells how far a write came.</summary>
internal sealed class MemoryStreamEnd(MemoryPipe incoming, MemoryPipe outgoing) : Stream, IPartialWriter
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public bool IsDisposed { get; private set; }

    /// <summary>Two ends of one connection, each direction holding at most <paramref name="capacity"/> bytes.</summary>
    public static (MemoryStreamEnd Client, MemoryStreamEnd Server) Pair(int capacity = 64 * 1024)
    {
        MemoryPipe up = new(capacity);
        MemoryPipe down = new(capacity);
        return (new MemoryStreamEnd(down, up), new MemoryStreamEnd(up, down));
    }

    /// <summary>How many bytes this end has taken.</summary>
    public int BytesRead { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await incoming.ReadAsync(buffer, cancellationToken);
        BytesRead += count;
        return count;
    }

    public ValueTask<int> WriteSomeAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation) => outgoing.WriteSomeAsync(data, cancellation);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await outgoing.WriteSomeAsync(buffer, cancellationToken)..];
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        incoming.Close();
        outgoing.Close();
        base.Dispose(disposing);
    }
}
