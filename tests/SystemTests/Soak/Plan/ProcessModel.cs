namespace ShimStack.SystemTests.Soak.Plan;

internal enum Life
{
    Created,
    Running,
    Ended,
}

internal enum Reader
{
    Reads,

    /// <summary>It takes a little, again and again.</summary>
    Slow,

    /// <summary>Its end is open, and it takes nothing.</summary>
    Stopped,

    Away,
}

/// <summary>What must be true of a process, as far as the steps so far say.</summary>
/// <param name="name">Unique in a walk, also among the runs of one container.</param>
/// <param name="container">The container's id, which is used again.</param>
/// <param name="exec">Empty for the init.</param>
internal sealed class ProcessModel(string name, string container, string exec)
{
    public string Name => name;

    public string Container => container;

    public string Exec => exec;

    public bool IsInit => exec.Length == 0;

    public Life Life { get; set; } = Life.Created;

    public Reader Reader { get; set; } = Reader.Reads;

    /// <summary>Whatever it writes arrives, sooner or later.</summary>
    public bool IsRead => Reader is Reader.Reads or Reader.Slow;

    /// <summary>Lines that it was told to write.</summary>
    public int Lines { get; set; }

    /// <summary>Lines that it was told to write while nobody read.</summary>
    public int Unread { get; set; }

    /// <summary>It was told to end, and is frozen.</summary>
    public bool IsEnding { get; set; }

    /// <summary>What its exit code may be: one, unless two ends race.</summary>
    public IReadOnlyList<int> Codes { get; private set; } = [];

    /// <summary>One more code that it may end with.</summary>
    public void MayEndWith(int code) => Codes = [.. Codes, code];

    public void End()
    {
        Life = Life.Ended;
        IsEnding = false;
    }
}
