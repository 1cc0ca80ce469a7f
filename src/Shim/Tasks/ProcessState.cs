namespace ShimStack.Shim.Tasks;

/// <summary>Where a process is in its life. The numbers are in the state records.</summary>
internal enum ProcessState
{
    Created = 0,
    Running = 1,
    Stopped = 2,
    Deleted = 3,
    Paused = 4,
}

/// <summary>What a client or the kernel does to a process.</summary>
internal enum ProcessOperation
{
    Start,
    Exit,
    Delete,
    Pause,
    Resume,
    Update,
    Checkpoint,
    Exec,
}
