using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Shim.Control;

/// <summary>A report as a message: the fields by their numbers in control.proto.</summary>
internal sealed class EncodedReport : Report
{
    private readonly Stack<(int Field, MemoryStream Bytes)> _open = new();
    private MemoryStream _bytes = new();

    /// <summary>The message, ready to be sent: an Empty sends along what it does not know.</summary>
    public Empty ToMessage() => Empty.Parser.ParseFrom(_bytes.GetBuffer(), 0, (int)_bytes.Length);

    public override void Begin(int field, string about)
    {
        _open.Push((field, _bytes));
        _bytes = new MemoryStream();
    }

    public override void End()
    {
        ByteString item = ToByteString();
        (int field, _bytes) = _open.Pop();
        Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(item));
    }

    public override void Text(int field, string key, string? value)
    {
        if (value is { Length: > 0 })
        {
            Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(value));
        }
    }

    public override void Number(int field, string key, long value)
    {
        if (value != 0)
        {
            Write(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));
        }
    }

    public override void Time(int field, string key, TimeSpan value) => Number(field, key, (long)value.TotalMilliseconds);

    private ByteString ToByteString() => ByteString.CopyFrom(_bytes.GetBuffer(), 0, (int)_bytes.Length);

    private void Write(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        using CodedOutputStream output = new(_bytes, leaveOpen: true);
        output.WriteTag(field, type);
        write(output);
    }
}
