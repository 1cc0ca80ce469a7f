namespace ShimStack.Shim.Runtime;

/// <summary>
/// An OCI runtime's command line. Every call ends when the command has ended and been reaped; a failure is an
/// <see cref="Ttrpc.RpcException"/> whose text is the contract's (chapter 7.4). Cancelling kills the command.
/// </summary>
internal interface IOciRuntime
{
    /// <summary>Makes the container; its init waits, not yet running the user's program. Writes the pid file.</summary>
    Task CreateAsync(CreateCommand command, CancellationToken cancellation);

    /// <summary>Lets a created container run.</summary>
    Task StartAsync(string id, CancellationToken cancellation);

    /// <summary>Starts one more process in a container, detached. Writes the pid file.</summary>
    Task ExecAsync(ExecCommand command, CancellationToken cancellation);

    /// <summary>Whether a container was started: it runs, is paused or has ended.</summary>
    Task<bool> IsStartedAsync(string id, CancellationToken cancellation);

    /// <summary>Signals init, or with <paramref name="all"/> every process of the container.</summary>
    Task KillAsync(string id, uint signal, bool all, CancellationToken cancellation);

    /// <summary>Freezes every process of a container.</summary>
    Task PauseAsync(string id, CancellationToken cancellation);

    /// <summary>Thaws it.</summary>
    Task ResumeAsync(string id, CancellationToken cancellation);

    /// <summary>Changes its limits; <paramref name="resources"/> is the OCI resources document as JSON.</summary>
    Task UpdateAsync(string id, ReadOnlyMemory<byte> resources, CancellationToken cancellation);

    /// <summary>Writes its processes to a folder by criu.</summary>
    Task CheckpointAsync(CheckpointCommand command, CancellationToken cancellation);

    /// <summary>Makes a container from what <see cref="CheckpointAsync"/> wrote; it runs at once. Writes the pid file.</summary>
    Task RestoreAsync(CreateCommand command, RestoreSource source, CancellationToken cancellation);

    /// <summary>Deletes a container; with <paramref name="force"/> one that runs or is half made, too.</summary>
    Task DeleteAsync(string id, bool force, CancellationToken cancellation);
}
