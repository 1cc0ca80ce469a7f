namespace ShimStack.Supervisor.Recovery;

/// <summary>What became of asking a shim for the state of its task.</summary>
internal enum ShimAnswer
{
    /// <summary>Nobody listens at its address, or its connection closed before it answered: it is dead.</summary>
    Dead,

    /// <summary>It lives, and has the task.</summary>
    HasTask,

    /// <summary>It lives, and knows nothing of the task: we died before Create came to it, or after Delete.</summary>
    NoTask,

    /// <summary>It lives, and answered with a failure.</summary>
    Failed,
}
