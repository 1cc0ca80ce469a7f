namespace ShimStack.Native.Processes;

/// <summary>What is to be started, and with what. The child has default signal dispositions and an empty signal mask.</summary>
public sealed record SpawnRequest
{
    /// <summary>The program; absolute, PATH is not searched (see <see cref="ExecutablePath"/>).</summary>
    public required string Path { get; init; }

    /// <summary>The whole argv, its first element included.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The whole environment as "NAME=value".</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>Where the child starts; null for our own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>All that the child has open, 64 at most; of 0, 1 and 2 those not named are /dev/null.</summary>
    public IReadOnlyList<SpawnDescriptor> Descriptors { get; init; } = [];

    /// <summary>
    /// SIGKILL for the child when the *thread* that spawns it ends (so spawn from one that lives as long as the process); not inherited by
    /// its own children, and dropped when it executes a set-user-ID program. See prctl(2), PR_SET_PDEATHSIG.
    /// </summary>
    public bool DieWithParent { get; init; }

    /// <summary>The child leads a process group of its own. See setpgid(2).</summary>
    public bool NewProcessGroup { get; init; }
}
