namespace ShimStack.Native.Processes;

/// <summary>Where a spawn failed; the order is that of spawn.c, the names are those of the calls.</summary>
internal enum SpawnStep
{
    none,
    clone,
    sigaction,
    setpgid,
    prctl,
    chdir,
    fcntl,
    dup2,
    open,
    close_range,
    sigprocmask,
    execve,
}
