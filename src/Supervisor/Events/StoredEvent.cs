using ShimStack.Api.Types;
using ShimStack.Supervisor.Filters;

namespace ShimStack.Supervisor.Events;

/// <summary>An event that is on record, encoded once for all who get it.</summary>
internal sealed class StoredEvent(long sequence, Envelope envelope, byte[] bytes, bool isOwed)
{
    private int _owed = isOwed ? 1 : 0;

    /// <summary>Its place in the journal.</summary>
    public long Sequence => sequence;

    public Envelope Envelope => envelope;

    /// <summary>The envelope as it travels.</summary>
    public byte[] Bytes => bytes;

    /// <summary>What filters look at; decoded once for all of them.</summary>
    public FieldOf Fields => field ??= new EnvelopeFields(envelope).Find;

    /// <summary>Whether it is an exit that nobody has seen.</summary>
    public bool IsOwed => Volatile.Read(ref _owed) != 0;

    /// <summary>Notes that a subscriber has it.</summary>
    /// <returns>True once, and only for an exit that nobody had seen.</returns>
    public bool TrySee() => Interlocked.Exchange(ref _owed, 0) != 0;
}
