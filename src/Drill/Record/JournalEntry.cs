namespace ShimStack.Drill.Record;

/// <summary>Something that was done or seen.</summary>
/// <param name="At">When.</param>
/// <param name="Step">In which step; 0 before the first.</param>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Subject">Of whom: a container or exec, "daemon", or empty for the drill.</param>
/// <param name="Text">What.</param>
public sealed record JournalEntry(Moment At, int Step, EntryKind Kind, string Subject, string Text);

/// <summary>What sort of thing an entry of the journal tells.</summary>
public enum EntryKind
{
    /// <summary>A step of the plan begins.</summary>
    Step,

    /// <summary>The drill did something.</summary>
    Done,

    /// <summary>A call was sent, answered, refused or cut.</summary>
    Call,

    /// <summary>An event came from the daemon.</summary>
    Event,

    /// <summary>A process was seen to end.</summary>
    Exit,

    /// <summary>The daemon's API came or went.</summary>
    Api,

    /// <summary>An invariant does not hold.</summary>
    Violation,
}
