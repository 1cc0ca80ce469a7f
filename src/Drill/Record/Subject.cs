using ShimStack.Drill.Work;

namespace ShimStack.Drill.Record;

/// <summary>
/// All that was done with and seen of one process: the first of a container, or an exec. Changed and read under <see
/// cref="DrillRecord.Gate"/>.
/// </summary>
public sealed class Subject(WorkOrder order, string container)
{
    /// <summary>Unique in the drill: the container's id, or the exec's.</summary>
    public string Name => order.Name;

    public WorkOrder Order => order;

    /// <summary>The container that it is in.</summary>
    public string Container => container;

    public bool IsInit => Name == container;

    /// <summary>As calls to daemons and shims name it: empty for the first process.</summary>
    public string ExecId => IsInit ? "" : Name;

    /// <summary>What daemon and shim call it, where that is not its name.</summary>
    public string Id { get; set; } = order.Name;

    /// <summary>Where the daemon itself writes its output; null where the drill reads that.</summary>
    public string? LogFile { get; set; }

    /// <summary>What the drill has made of it.</summary>
    public Life Life { get; set; }

    /// <summary>0 before it is known.</summary>
    public int Pid { get; set; }

    /// <summary>With the pid it says that a process is still the same; field 22 of proc_pid_stat(5).</summary>
    public ulong StartTime { get; set; }

    public Moment? Started { get; set; }

    /// <summary>When the drill first did what ends it; null if only its own order does.</summary>
    public Moment? ToldToEnd { get; set; }

    /// <summary>When it was seen to have ended.</summary>
    public Moment? Ended { get; set; }

    /// <summary>The codes that are true: that of the order, and what signals of the drill make.</summary>
    public HashSet<int> Codes { get; } = [order.Code];

    /// <summary>What the kernel keeps of a process after it was reaped (PIDFD_GET_INFO, Linux 6.15); null if it does not tell.</summary>
    public int? KernelCode { get; set; }

    public NotedEnd? Noted { get; set; }

    /// <summary>How often it noted that it began.</summary>
    public int Starts { get; set; }

    /// <summary>How many lines it says that it got rid of: stdout, stderr.</summary>
    public long[] Written { get; } = [0, 0];

    public List<WaitRecord> Waits { get; } = [];

    /// <summary>
    /// Exit events under its name. One may tell of a process that never was: of a shim that was deleted with no container in it.
    /// </summary>
    public List<ExitReport> Events { get; } = [];

    /// <summary>Those that tell of its own process.</summary>
    public IEnumerable<ExitReport> OwnEvents => Events.Where(report => report.Pid == Pid);

    /// <summary>What /proc and the daemon last said.</summary>
    public Sighting? Sighted { get; set; }

    public StreamRecord Output { get; } = new("stdout");

    public StreamRecord Errors { get; } = new("stderr");

    /// <summary>
    /// When it was paused by the drill, in nanoseconds of <see cref="Moment"/>; an open end is <see cref="long.MaxValue"/>.
    /// </summary>
    public List<Gap> Pauses { get; } = [];

    /// <summary>Its shim was killed: what that had in hand is lost with it.</summary>
    public bool IsOrphan { get; set; }

    /// <summary>Whoever takes its output was killed: what that had in hand is lost with it.</summary>
    public bool LosesOutput { get; set; }

    /// <summary>Why it could be neither brought to run nor taken away; null if nothing went wrong.</summary>
    public string? Stuck { get; set; }
}

/// <summary>How far the drill has brought a process.</summary>
public enum Life
{
    /// <summary>Being made; it may exist or not.</summary>
    Making,

    /// <summary>It was started, and has been told of nothing that ends it, but its order may.</summary>
    Running,

    /// <summary>It was killed or asked to end, or seen to have ended.</summary>
    Ending,

    /// <summary>Deleted: nothing may be left.</summary>
    Removed,
}

/// <summary>How a process was last seen.</summary>
/// <param name="At">When.</param>
/// <param name="StartTime">By /proc; 0 if there is no such process.</param>
/// <param name="DaemonPid">What the daemon says; null if it does not know the process.</param>
/// <param name="DaemonStatus">Likewise.</param>
public sealed record Sighting(Moment At, ulong StartTime, int? DaemonPid, string DaemonStatus);
