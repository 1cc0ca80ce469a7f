namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>What a step of the walk does.</summary>
internal enum StepKind
{
    /// <summary>A new run of a container, created.</summary>
    Create,

    /// <summary>A container is created, and SIGKILL meets its runtime. Number: a place of <see cref="WalkLimits.RuntimeSteps"/>.</summary>
    CreateWithDyingRuntime,

    /// <summary>A container is created, and SIGKILL meets the daemon when its runtime is at such a place; a new one comes.</summary>
    CreateWithDyingDaemon,

    /// <summary>A container or an exec that was created.</summary>
    Start,

    AddExec,

    /// <summary>Many short execs at once. Number: how many.</summary>
    ExecBurst,

    /// <summary>The same, and SIGKILL meets the daemon when they have been started; a new one comes.</summary>
    ExecBurstWithDyingDaemon,

    /// <summary>A call that must be refused, and change nothing.</summary>
    WrongCall,

    /// <summary>Number: lines.</summary>
    Write,

    /// <summary>The process is told to end by itself. Number: its code.</summary>
    Exit,

    /// <summary>Through the daemon. Number: the signal.</summary>
    Kill,

    /// <summary>SIGKILL by somebody else on the machine.</summary>
    KillFromOutside,

    Pause,

    Resume,

    /// <summary>Whoever reads the output closes its end.</summary>
    ReaderLeaves,

    /// <summary>Whoever reads the output takes nothing any more, its end stays open.</summary>
    ReaderStops,

    /// <summary>Whoever reads the output takes it bit by bit: the process has to wait, and does not lose a byte.</summary>
    ReaderSlows,

    ReaderReturns,

    /// <summary>Of an exec, or of the container with its record.</summary>
    Delete,

    /// <summary>Number: SIGKILL or SIGTERM.</summary>
    KillDaemon,

    StartDaemon,

    /// <summary>SIGSTOP: the daemon's sockets are there, and nobody answers.</summary>
    FreezeDaemon,

    ThawDaemon,

    /// <summary>Number: milliseconds in which nothing is asked.</summary>
    Pass,
}
