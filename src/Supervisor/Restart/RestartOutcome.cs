namespace ShimStack.Supervisor.Restart;

/// <summary>What has become of a try to start a container again.</summary>
internal enum RestartOutcome
{
    /// <summary>It runs, by us.</summary>
    Started,

    /// <summary>A client has started it meanwhile: it runs, and its policy goes on.</summary>
    FoundRunning,

    /// <summary>A client has made a task meanwhile: the next thing is the client's to do.</summary>
    FoundCreated,

    /// <summary>It is not to run any more; nothing of the try is left.</summary>
    Unwanted,

    /// <summary>The container is gone.</summary>
    Gone,
}
