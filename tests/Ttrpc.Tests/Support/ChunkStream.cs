namespace ShimStack.Ttrpc.Tests;

/// <summary>Brings given bytes, in pieces of given lengths (the last length goes on), then ends.</summary>
internal sealed class ChunkStream(ReadOnlyMemory<byte> bytes, params int[] lengths) : Stream
{
    private int _position;

    /// <summary>How often it was asked for more.</summary>
    public int Reads { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int piece = lengths.Length == 0 ? int.MaxValue : lengths[Math.Min(Reads, lengths.Length - 1)];
        Reads++;
        int count = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - _position);
        bytes.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return ValueTask.FromResult(count);
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
