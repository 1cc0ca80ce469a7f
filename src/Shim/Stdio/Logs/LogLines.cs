using System.Buffers;

namespace ShimStack.Shim.Stdio.Logs;

/// <summary>
/// Makes log records of the bytes of one stream: one for each line, and for a line that is longer than a record may be, several.
/// A line is kept until its end comes; nothing is allocated for lines that come whole.
/// </summary>
internal sealed class LogLines(LogFormat format, string stream, TimeProvider time)
{
    /// <summary>Of a line in one record: containerd's limit for CRI, and Docker's.</summary>
    public const int MaxLine = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _records = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    public LogFormat Format => format;

    public string Stream => stream;

    /// <summary>The line whose end has not come yet, or what is left of it.</summary>
    public ReadOnlySpan<byte> Begun => _line.WrittenSpan;

    /// <summary>Goes on with a line that was put down.</summary>
    public void Begin(ReadOnlySpan<byte> begun) => _line.Write(begun);

    /// <summary>The records that <paramref name="bytes"/> have completed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes)
    {
        _records.ResetWrittenCount();
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            TakeLine(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
        return _records.WrittenSpan;
    }

    /// <summary>The stream has ended: what has begun is a part of a line that never ends.</summary>
    public ReadOnlySpan<byte> TakeEnd()
    {
        _records.ResetWrittenCount();
        if (_line.WrittenCount > 0)
        {
            Put(_line.WrittenSpan, isWhole: false);
            _line.ResetWrittenCount();
        }

        return _records.WrittenSpan;
    }

    private void TakeLine(ReadOnlySpan<byte> end)
    {
        if (_line.WrittenCount == 0 && end.Length <= MaxLine)
        {
            Put(end, isWhole: true);
            return;
        }

        Keep(end);
        Put(_line.WrittenSpan, isWhole: true);
        _line.ResetWrittenCount();
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        while (_line.WrittenCount + part.Length > MaxLine)
        {
            int room = MaxLine - _line.WrittenCount;
            _line.Write(part[..room]);
            part = part[room..];
            PutPart();
        }

        _line.Write(part);
    }

    // JSON is text: a character that is cut would be lost in both halves.
    private void PutPart()
    {
        ReadOnlySpan<byte> line = _line.WrittenSpan;
        int cut = format == LogFormat.Json ? Utf8Cut.LengthAtEnd(line) : 0;
        Put(line[..^cut], isWhole: false);
        Span<byte> rest = stackalloc byte[Utf8Cut.Longest];
        line[^cut..].CopyTo(rest);
        _line.ResetWrittenCount();
        _line.Write(rest[..cut]);
    }

    private void Put(ReadOnlySpan<byte> line, bool isWhole)
    {
        LogRecord record = new(stream, time.GetUtcNow(), isWhole);
        if (format == LogFormat.Cri)
        {
            CriRecord.Write(_records, record, line);
        }
        else
        {
            JsonRecord.Write(_records, record, line);
        }
    }
}
