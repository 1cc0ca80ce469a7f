using ShimStack.Native;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio;

/// <summary>Takes the output of a terminal that no client wants: it must be read all the same, or its process would block.</summary>
internal sealed class NoSink : ICopySink
{
    public static readonly NoSink Instance = new();

    public FileDescriptor? Polled => null;

    public bool ReaderAway => false;

    public bool HoldsBytes => false;

    public bool TakesSplice => false;

    public bool EndsSource => false;

    public CopyStep Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = bytes.Length;
        return CopyStep.Moved;
    }

    public CopyStep SpliceFrom(CopySource source, int length, out int count) => throw new NotSupportedException("nothing wants the bytes");

    public void EndInput(byte lastByte)
    {
    }

    public void PutDown(StreamRecord record, Inheritance left)
    {
    }

    public void Dispose()
    {
    }
}
