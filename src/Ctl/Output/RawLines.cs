using ShimStack.Native;

namespace ShimStack.Ctl.Output;

/// <summary>Lines for a terminal that is raw, where a line feed alone does not go back to the first column.</summary>
internal sealed class RawLines(FileDescriptor terminal) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.IndexOf((byte)'\n') is >= 0 and int line)
        {
            Screen.Bytes(terminal, buffer[..line]);
            Screen.Bytes(terminal, "\r\n"u8);
            buffer = buffer[(line + 1)..];
        }

        Screen.Bytes(terminal, buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is kept.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
