namespace ShimStack.Drill.Record;

/// <summary>
/// Everything that was done and seen in one drill. Invariants are functions of it, reports are drawn from it. Many threads add to it: all
/// that is in it is
/// changed and read under <see cref="Gate"/>.
/// </summary>
public sealed class DrillRecord(TimeProvider time)
{
    private readonly List<JournalEntry> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Lock Gate { get; } = new();

    /// <summary>What is asked of the target.</summary>
    public Promises Promises { get; set; } = Promises.All;

    /// <summary>The file system of the daemon's state is full: what it would write down has to wait.</summary>
    public bool IsDiskFull => FullDisks.Count > 0 && FullDisks[^1].To == long.MaxValue;

    /// <summary>When it was, in nanoseconds of <see cref="Moment"/>; an open end is <see cref="long.MaxValue"/>.</summary>
    public List<Gap> FullDisks { get; } = [];

    public List<Subject> Subjects { get; } = [];

    public List<StepMark> Steps { get; } = [];

    public List<DaemonChange> Daemon { get; } = [];

    public List<Outage> Outages { get; } = [];

    /// <summary>Since when the API has not answered; null while it does.</summary>
    public Moment? AwaySince { get; set; }

    public Latencies Calls { get; } = new();

    /// <summary>How often a daemon that was there did not tell what runs, though it answered other questions.</summary>
    public int UnansweredLists { get; set; }

    /// <summary>What was left at the end; empty before.</summary>
    public List<Leak> Leaks { get; } = [];

    public List<Violation> Violations { get; } = [];

    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>When the daemon was up, frozen or gone last.</summary>
    public DaemonState DaemonNow => Daemon.Count == 0 ? DaemonState.Down : Daemon[^1].State;

    public Moment Now() => Moment.Now(time);

    /// <summary>Adds to the journal, and changes what it is about in the same breath.</summary>
    public Moment Note(EntryKind kind, string subject, string text, Action<Moment>? change = null)
    {
        Moment now = Now();
        TaskCompletionSource changed;
        lock (Gate)
        {
            _entries.Add(new JournalEntry(now, Steps.Count, kind, subject, text));
            change?.Invoke(now);
            changed = Renew();
        }

        changed.TrySetResult();
        return now;
    }

    /// <summary>Changes something that is not worth an entry.</summary>
    public void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (Gate)
        {
            change();
            changed = Renew();
        }

        changed.TrySetResult();
    }

    public T Read<T>(Func<T> question)
    {
        lock (Gate)
        {
            return question();
        }
    }

    /// <summary>Completes with the next change after this call. Ask for it before looking, so that none is missed.</summary>
    public Task NextChange()
    {
        lock (Gate)
        {
            return _changed.Task;
        }
    }

    private TaskCompletionSource Renew()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return changed;
    }
}
