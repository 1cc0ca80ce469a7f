namespace ShimStack.Supervisor.Configuration;

/// <summary>How shimstackd ends; see sysexits.h. The unit file names those after which a new start would not help.</summary>
internal enum ExitCode
{
    /// <summary>It was asked to end, or has said what it was asked.</summary>
    Ok = 0,

    /// <summary>A fault of ours.</summary>
    Failed = 1,

    /// <summary>EX_USAGE: the command line is wrong.</summary>
    Usage = 64,

    /// <summary>EX_UNAVAILABLE: socket, database or a directory cannot be had.</summary>
    Unavailable = 69,

    /// <summary>EX_CONFIG: the configuration is wrong.</summary>
    Configuration = 78,
}
