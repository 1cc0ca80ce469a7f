namespace ShimStack.Ctl.Commands;

/// <summary>
/// How shimctl ends when it speaks for itself. `run`, `exec` and `attach` end as the process in the container does, so a failure of their own has a
/// number that programs rarely use.
/// </summary>
internal enum ExitCode
{
    /// <summary>It is done.</summary>
    Ok = 0,

    /// <summary>The daemon refused, or the thing is not there.</summary>
    Failed = 1,

    /// <summary>EX_USAGE of sysexits.h: the command line is wrong.</summary>
    Usage = 64,

    /// <summary>EX_UNAVAILABLE of sysexits.h: the daemon cannot be reached.</summary>
    Unavailable = 69,

    /// <summary>`run`, `exec` or `attach` failed, and not the process in the container.</summary>
    NotRun = 125,

    /// <summary>128 + SIGINT: told to end before the process ran, or told thrice while it would not.</summary>
    Interrupted = 130,
}
