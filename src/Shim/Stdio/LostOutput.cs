using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// Takes the output that nobody can take any more: the container must neither block nor be killed for it. The bytes are counted,
/// and the log tells of them.
/// </summary>
internal sealed class LostOutput(ILogger logger, long lost = 0) : ICopySink
{
    private readonly OutputLoss _loss = new(logger, "of a stream whose reader has failed", lost);

    public FileDescriptor? Polled => null;

    public bool ReaderAway => false;

    public bool HoldsBytes => false;

    public bool TakesSplice => false;

    public bool EndsSource => false;

    public long Lost => _loss.Bytes;

    public CopyStep Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = bytes.Length;
        _loss.Add(count, "nobody takes them");
        return CopyStep.Moved;
    }

    public CopyStep SpliceFrom(CopySource source, int length, out int count) => throw new NotSupportedException("bytes are counted as they are read");

    public void EndInput(byte lastByte)
    {
    }

    public void PutDown(StreamRecord record, Inheritance left)
    {
        record.OutputLost = true;
        record.LostBytes = (ulong)_loss.Bytes;
    }

    public void Dispose() => _loss.Close();
}
