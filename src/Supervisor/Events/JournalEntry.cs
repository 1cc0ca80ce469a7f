namespace ShimStack.Supervisor.Events;

/// <summary>Something that has its place in the order of the journal.</summary>
internal interface IJournalEntry
{
    /// <summary>Makes the change, in a transaction that it may share with others.</summary>
    void Write(JournalTables tables);

    /// <summary>It is on record; called in the order of the journal.</summary>
    void Committed();

    /// <summary>It is not, and nothing of it is.</summary>
    void Fail(Exception reason);
}

/// <summary>A change for which somebody waits.</summary>
/// <param name="write">Makes it.</param>
/// <param name="committed">Is told when it is on record, before who waits is.</param>
internal sealed class JournalEntry<T>(Func<JournalTables, T> write, Action<T>? committed = null) : IJournalEntry
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Done => _done.Task;

    public void Write(JournalTables tables) => _result = write(tables);

    public void Committed()
    {
        committed?.Invoke(_result);
        _done.SetResult(_result);
    }

    public void Fail(Exception reason) => _done.SetException(reason);
}
