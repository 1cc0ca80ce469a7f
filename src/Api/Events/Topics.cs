namespace ShimStack.Api.Events;

/// <summary>The topic which goes with each event in its envelope.</summary>
public static class Topics
{
    public const string TaskCreate = "/tasks/create";
    public const string TaskStart = "/tasks/start";
    public const string TaskDelete = "/tasks/delete";
    public const string TaskExit = "/tasks/exit";
    public const string TaskOOM = "/tasks/oom";
    public const string TaskExecAdded = "/tasks/exec-added";
    public const string TaskExecStarted = "/tasks/exec-started";
    public const string TaskPaused = "/tasks/paused";
    public const string TaskResumed = "/tasks/resumed";
    public const string TaskCheckpointed = "/tasks/checkpointed";

    /// <summary>For an event no topic is known for.</summary>
    public const string TaskUnknown = "/tasks/?";

    public const string SandboxCreate = "/sandboxes/create";
    public const string SandboxStart = "/sandboxes/start";
    public const string SandboxExit = "/sandboxes/exit";

    public const string ContainerCreate = "/containers/create";
    public const string ContainerUpdate = "/containers/update";
    public const string ContainerDelete = "/containers/delete";

    public const string NamespaceCreate = "/namespaces/create";
    public const string NamespaceUpdate = "/namespaces/update";
    public const string NamespaceDelete = "/namespaces/delete";
}
