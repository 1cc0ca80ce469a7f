namespace ShimStack.Shim.Events;

/// <summary>
/// What waits for the daemon, oldest first, bounded by number and size. A full queue drops the oldest events that the state implies; exits
/// and OOMs are never dropped: there are no more of them than there were processes when the daemon went, for only a daemon starts more.
/// </summary>
internal sealed class EventQueue
{
    /// <summary>How many events wait at most; a container makes a handful in its life, an exec four.</summary>
    public const int Capacity = 4096;

    /// <summary>How many bytes of events wait at most; a creation may name a rootfs of many layers, the others are small.</summary>
    public const int MaxBytes = 1 << 20;

    private readonly List<PendingEvent> _events = [];
    private long _bytes;

    public IReadOnlyList<PendingEvent> Events => _events;

    public PendingEvent? First => _events.Count == 0 ? null : _events[0];

    /// <summary>Takes an event in, and tells which had to go for it.</summary>
    public IReadOnlyList<PendingEvent> Add(PendingEvent pending)
    {
        _events.Add(pending);
        _bytes += pending.Payload.Length;
        return _events.Count > Capacity || _bytes > MaxBytes ? MakeRoom() : [];
    }

    public bool Holds(ExitSubject exit) => _events.Exists(pending => pending.Exit == exit);

    public bool Contains(PendingEvent pending) => _events.Exists(queued => ReferenceEquals(queued, pending));

    public void Remove(PendingEvent pending) => RemoveAll(queued => ReferenceEquals(queued, pending));

    /// <summary>Removes what fits, and tells how many that were.</summary>
    public int RemoveAll(Predicate<PendingEvent> fits) => _events.RemoveAll(queued =>
    {
        bool goes = fits(queued);
        _bytes -= goes ? queued.Payload.Length : 0;
        return goes;
    });

    private List<PendingEvent> MakeRoom()
    {
        List<PendingEvent> dropped = [];
        while ((_events.Count > Capacity || _bytes > MaxBytes) && _events.Find(static queued => !queued.IsIrreplaceable) is PendingEvent oldest)
        {
            Remove(oldest);
            dropped.Add(oldest);
        }

        return dropped;
    }
}
