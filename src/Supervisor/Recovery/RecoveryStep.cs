namespace ShimStack.Supervisor.Recovery;

/// <summary>What a restart does with a task that it has found.</summary>
internal enum RecoveryStep
{
    /// <summary>Calls go to its shim again; exits that nobody has told of are told.</summary>
    Adopt,

    /// <summary>Its shim is dead: the container is cleaned up, its exit and its end are told.</summary>
    Bury,

    /// <summary>It never came to be, or was deleted: whatever is left is removed, and nothing is told.</summary>
    Undo,
}
