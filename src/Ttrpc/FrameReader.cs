namespace ShimStack.Ttrpc;

/// <summary>
/// Cuts a byte stream into frames. Holds a small buffer that grows while a longer frame comes in (never ahead of the bytes that came,
/// so a header that only claims a length costs nothing) and is given back after. A payload beyond the limit is reported at its header
/// and then thrown away. Who allows it gets a larger buffer, and keeps it, while reads bring much: one read for many short frames, not for each few.
/// </summary>
/// <remarks>Used by one reader at a time. What has been read but not consumed can be put down at any moment between two reads.</remarks>
internal sealed class FrameReader
{
    /// <summary>What an idle connection holds, in bytes: most requests fit.</summary>
    internal const int IdleBufferLength = 1024;

    private const int DiscardBufferLength = 64 * 1024;
    private const int Growth = 4;

    private readonly Stream _stream;
    private readonly int _maxMessageLength;
    private readonly int _readAhead;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private uint _discard;
    private bool _isInHurry;

    /// <param name="stream">Where bytes come from; a cancelled read must not have taken any.</param>
    /// <param name="maxMessageLength">The longest payload that is taken in, in bytes.</param>
    /// <param name="halfRead">What <see cref="PutDown"/> gave: bytes in front of what the stream will bring.</param>
    /// <param name="readAhead">How many bytes the buffer may hold while reads bring more than an idle one takes; 0 is never more than that.</param>
    public FrameReader(Stream stream, int maxMessageLength, ReadOnlySpan<byte> halfRead = default, int readAhead = 0)
    {
        _readAhead = readAhead;
        _stream = stream;
        _maxMessageLength = maxMessageLength;
        _buffer = new byte[Math.Max(IdleBufferLength, halfRead.Length)];
        halfRead.CopyTo(_buffer);
        _end = halfRead.Length;
    }

    /// <summary>The frame that the last read found, valid until it is consumed.</summary>
    public Frame Frame { get; private set; }

    /// <summary>The length of the buffer now, in bytes.</summary>
    internal int BufferLength => _buffer.Length;

    /// <summary>Waits for a whole frame. Nothing is lost when it is cancelled.</summary>
    /// <returns>False at the end of the stream, also in the middle of a frame.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        while (!TryFindFrame())
        {
            MakeRoom();
            int room = _buffer.Length - _end;
            int count = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (count == 0)
            {
                return false;
            }
            _end += count;
            _isInHurry = _readAhead > 0 && (count == room || count > IdleBufferLength);
            DiscardBuffered();
        }
        return true;
    }

    /// <summary>Done with <see cref="Frame"/>: the next read looks behind it.</summary>
    public void Consume()
    {
        _start += FrameHeader.Size + Frame.Payload.Length;
        if (Frame.IsOversized)
        {
            _discard = Frame.Header.Length;
            DiscardBuffered();
        }
        Frame = default;
        GiveBack();
    }

    /// <summary>
    /// The bytes to put in front of the stream so that another reader goes on exactly here. In the middle of a payload that is being
    /// thrown away they are a header of a type that every receiver skips, with the length that is left.
    /// </summary>
    public byte[] PutDown() => _discard > 0
        ? Header(new FrameHeader(_discard, 0, default, FrameFlags.None))
        : _buffer[_start.._end];

    private static byte[] Header(FrameHeader header)
    {
        byte[] bytes = new byte[FrameHeader.Size];
        header.Write(bytes);
        return bytes;
    }

    private bool TryFindFrame()
    {
        if (_end - _start < FrameHeader.Size)
        {
            return false;
        }
        FrameHeader header = FrameHeader.Read(_buffer.AsSpan(_start));
        if (header.Length > (uint)_maxMessageLength)
        {
            Frame = new Frame(header, default, IsOversized: true);
            return true;
        }
        if (_end - _start - FrameHeader.Size < (int)header.Length)
        {
            return false;
        }
        Frame = new Frame(header, _buffer.AsMemory(_start + FrameHeader.Size, (int)header.Length));
        return true;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }
        if (_isInHurry && _buffer.Length < _readAhead)
        {
            Array.Resize(ref _buffer, _readAhead);
        }
        int needed = Needed();
        if (_end == _buffer.Length || (_discard > 0 && needed > _buffer.Length))
        {
            int grown = _discard > 0 ? needed : (int)Math.Min(needed, (long)_buffer.Length * Growth);
            Array.Resize(ref _buffer, grown);
        }
    }

    private int Needed()
    {
        if (_discard > 0)
        {
            return (int)Math.Min(_discard, DiscardBufferLength);
        }
        return _end < FrameHeader.Size ? FrameHeader.Size : FrameHeader.Size + (int)FrameHeader.Read(_buffer).Length;
    }

    private void DiscardBuffered()
    {
        if (_discard == 0)
        {
            return;
        }
        int count = (int)Math.Min(_discard, (uint)(_end - _start));
        _discard -= (uint)count;
        _start += count;
        GiveBack();
    }

    private void GiveBack()
    {
        int left = _end - _start;
        bool isKept = _isInHurry && _buffer.Length <= _readAhead;
        if (isKept || _discard > 0 || _buffer.Length <= IdleBufferLength || left > IdleBufferLength)
        {
            return;
        }
        byte[] small = new byte[IdleBufferLength];
        _buffer.AsSpan(_start, left).CopyTo(small);
        _buffer = small;
        (_start, _end) = (0, left);
    }
}
