using ShimStack.Native;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio;

/// <summary>Where a <see cref="StreamCopy"/> puts bytes. Nothing here waits.</summary>
internal interface ICopySink : IDisposable
{
    /// <summary>What becomes writable when there is room again; null for what is never full.</summary>
    FileDescriptor? Polled { get; }

    /// <summary>A FIFO without a reader: bytes wait until there is one.</summary>
    bool ReaderAway { get; }

    /// <summary>Whether a client's FIFO has bytes that nobody has read yet.</summary>
    bool HoldsBytes { get; }

    /// <summary>Whether <see cref="SpliceFrom"/> may be tried.</summary>
    bool TakesSplice { get; }

    /// <summary>When it is gone the source has no use any more either; otherwise the source is read on and its bytes are dropped.</summary>
    bool EndsSource { get; }

    /// <summary>How many bytes are kept that are not even on their way to the reader.</summary>
    long Kept => 0;

    /// <summary>How many bytes of the stream have been dropped so far.</summary>
    long Lost => 0;

    /// <summary>
    /// Tells the sink how to have its stream moved on, when it knows of a reason that is no edge of a descriptor, and what to call when it has other
    /// descriptors than before.
    /// </summary>
    void Attach(Action move, Action changed)
    {
    }

    /// <summary>Moves on what was kept, as far as it goes now; true if there may be more to move at once.</summary>
    bool Drain() => false;

    /// <summary>Writes once; <paramref name="count"/> is what was taken.</summary>
    CopyStep Write(ReadOnlySpan<byte> bytes, out int count);

    /// <summary>Moves up to <paramref name="length"/> bytes from a pipe without copying them.</summary>
    CopyStep SpliceFrom(CopySource source, int length, out int count);

    /// <summary>No more bytes come; <paramref name="lastByte"/> was the last one.</summary>
    void EndInput(byte lastByte);

    /// <summary>Leaves its descriptor, and tells what is needed to go on.</summary>
    void PutDown(StreamRecord record, Inheritance left);
}
