namespace ShimStack.Supervisor.Events;

/// <summary>Something that has its place in the order of the journal.</summary>
internal interface IJournalEntry
{
    /// <summary>Makes the change, in a transaction that it may share with others.</summary>
    void Write(JournalTables tables);

    /// <summary>It is on record: tells what follows from that, in the order of the journal. Must not wait.</summary>
    void Committed();

    /// <summary>Goes on with who waits.</summary>
    void Complete();

    /// <summary>It is not, and nothing of it is; <see cref="Complete"/> says so.</summary>
    void Fail(Exception reason);
}

/// <summary>A change for which somebody waits.</summary>
/// <param name="write">Makes it.</param>
/// <param name="committed">Is told when it is on record, before who waits is.</param>
internal sealed class JournalEntry<T>(Func<JournalTables, T> write, Action<T>? committed = null) : IJournalEntry
{
    private readonly TaskCompletionSource<T> _done = new();
    private T _result = default!;
    private Exception? _failure;

    public Task<T> Done => _done.Task;

    public void Write(JournalTables tables) => _result = write(tables);

    public void Committed() => committed?.Invoke(_result);

    public void Complete()
    {
        if (_failure is null)
        {
            _done.SetResult(_result);
        }
        else
        {
            _done.SetException(_failure);
        }
    }

    public void Fail(Exception reason) => _failure = reason;
}
