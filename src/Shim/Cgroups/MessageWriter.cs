using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Writes a protobuf message field by field, as the numbers are read: nothing is built only to be encoded. The generated types of
/// the two metrics, some 25, would be 0.3 MB of the binary and much garbage for each Stats. As in proto3 a field that is 0 or
/// empty is left out.
/// </summary>
internal ref struct MessageWriter(Span<byte> buffer)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int MaxVarintLength = 10;

    private Span<byte> _buffer = buffer;
    private int _length;

    public void Number(int field, ulong value)
    {
        if (value != 0)
        {
            Item(field, value);
        }
    }

    /// <summary>One of many in a repeated field, each with its tag: readers of packed numbers take this, too.</summary>
    public void Item(int field, ulong value)
    {
        AppendTag(field, Varint);
        AppendVarint(value);
    }

    public void Decimal(int field, double value)
    {
        if (value != 0)
        {
            AppendTag(field, Fixed64);
            Reserve(sizeof(double));
            BinaryPrimitives.WriteDoubleLittleEndian(_buffer[_length..], value);
            _length += sizeof(double);
        }
    }

    /// <summary>A string; <paramref name="text"/> is UTF-8.</summary>
    public void Text(int field, scoped ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            AppendTag(field, LengthDelimited);
            AppendVarint((ulong)text.Length);
            Reserve(text.Length);
            text.CopyTo(_buffer[_length..]);
            _length += text.Length;
        }
    }

    /// <summary>A string of ASCII.</summary>
    public void Text(int field, string text)
    {
        Span<byte> ascii = stackalloc byte[text.Length];
        Text(field, ascii[..Encoding.ASCII.GetBytes(text, ascii)]);
    }

    /// <summary>Begins a message in a field, which is there even if nothing is written into it.</summary>
    public int Begin(int field)
    {
        AppendTag(field, LengthDelimited);
        Reserve(1);
        return ++_length;
    }

    /// <summary>Ends the message for which <see cref="Begin"/> gave <paramref name="start"/>: its length goes before it.</summary>
    public void End(int start)
    {
        int length = _length - start;

        // One byte was left for the length; where it takes more, the content moves up.
        int more = VarintLength((ulong)length) - 1;
        if (more > 0)
        {
            Reserve(more);
            _buffer.Slice(start, length).CopyTo(_buffer[(start + more)..]);
        }

        _length = start - 1;
        AppendVarint((ulong)length);
        _length += length;
    }

    public readonly ByteString ToByteString() => ByteString.CopyFrom(_buffer[.._length]);

    private static int VarintLength(ulong value)
    {
        int length = 1;
        while ((value >>= 7) != 0)
        {
            length++;
        }

        return length;
    }

    private void AppendTag(int field, int wireType) => AppendVarint(((ulong)field << 3) | (uint)wireType);

    private void AppendVarint(ulong value)
    {
        Reserve(MaxVarintLength);
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Span<byte> larger = new byte[(_buffer.Length * 2) + count];
            _buffer.CopyTo(larger);
            _buffer = larger;
        }
    }
}
