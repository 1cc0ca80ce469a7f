namespace ShimStack.Shim.Runtime;

/// <summary>A call of the runtime, running or ended.</summary>
internal sealed class RuntimeCall(string command, string container, DateTimeOffset started)
{
    /// <summary>The runtime's word for it: create, start, exec, …</summary>
    public string Command => command;

    public string Container => container;

    public DateTimeOffset Started => started;

    /// <summary>Its process; 0 if it could not be started.</summary>
    public int Pid { get; set; }

    /// <summary>How long it took; null while it runs.</summary>
    public TimeSpan? Took { get; private set; }

    /// <summary>"exit status 0", "killed after 600 s", …; empty while it runs.</summary>
    public string Outcome { get; private set; } = string.Empty;

    public void End(DateTimeOffset now, string outcome)
    {
        Took = now - started;
        Outcome = outcome;
    }
}

/// <summary>What the runtime is doing now and has done lately: the first thing that a person wants to know of a shim that does not answer.</summary>
internal sealed class RuntimeCalls(TimeProvider time)
{
    /// <summary>How many ended calls are remembered.</summary>
    public const int Remembered = 16;

    private readonly List<RuntimeCall> _running = [];
    private readonly Queue<RuntimeCall> _ended = new(Remembered);

    public IReadOnlyList<RuntimeCall> Running => _running;

    /// <summary>The latest that have ended, oldest first.</summary>
    public IReadOnlyCollection<RuntimeCall> Ended => _ended;

    public RuntimeCall Begin(string command, string container)
    {
        RuntimeCall call = new(command, container, time.GetUtcNow());
        _running.Add(call);
        return call;
    }

    public void End(RuntimeCall call, string outcome)
    {
        call.End(time.GetUtcNow(), outcome);
        _running.Remove(call);
        if (_ended.Count == Remembered)
        {
            _ended.Dequeue();
        }

        _ended.Enqueue(call);
    }
}
