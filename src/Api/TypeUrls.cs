namespace ShimStack.Api;

/// <summary>
/// Type URLs of what travels in an Any. Messages use the bare full name: some readers compare the whole string.
/// The OCI documents travel as JSON.
/// </summary>
public static class TypeUrls
{
    public const string TaskCreate = "containerd.events.TaskCreate";
    public const string TaskStart = "containerd.events.TaskStart";
    public const string TaskDelete = "containerd.events.TaskDelete";
    public const string TaskExit = "containerd.events.TaskExit";
    public const string TaskOOM = "containerd.events.TaskOOM";
    public const string TaskExecAdded = "containerd.events.TaskExecAdded";
    public const string TaskExecStarted = "containerd.events.TaskExecStarted";
    public const string TaskPaused = "containerd.events.TaskPaused";
    public const string TaskResumed = "containerd.events.TaskResumed";
    public const string TaskCheckpointed = "containerd.events.TaskCheckpointed";
    public const string SandboxCreate = "containerd.events.SandboxCreate";
    public const string SandboxStart = "containerd.events.SandboxStart";
    public const string SandboxExit = "containerd.events.SandboxExit";

    public const string ContainerCreate = "containerd.events.ContainerCreate";
    public const string ContainerUpdate = "containerd.events.ContainerUpdate";
    public const string ContainerDelete = "containerd.events.ContainerDelete";
    public const string NamespaceCreate = "containerd.events.NamespaceCreate";
    public const string NamespaceUpdate = "containerd.events.NamespaceUpdate";
    public const string NamespaceDelete = "containerd.events.NamespaceDelete";

    public const string RuncOptions = "containerd.runc.v1.Options";
    public const string RuncCheckpointOptions = "containerd.runc.v1.CheckpointOptions";
    public const string RuncProcessDetails = "containerd.runc.v1.ProcessDetails";
    public const string RuntimeOptions = "runtimeoptions.v1.Options";

    public const string RuntimeRequest = "containerd.types.RuntimeRequest";
    public const string RuntimeInfo = "containerd.types.RuntimeInfo";

    public const string CgroupsV1Metrics = "io.containerd.cgroups.v1.Metrics";
    public const string CgroupsV2Metrics = "io.containerd.cgroups.v2.Metrics";

    public const string OciSpec = "types.containerd.io/opencontainers/runtime-spec/1/Spec";
    public const string OciProcess = "types.containerd.io/opencontainers/runtime-spec/1/Process";
    public const string OciLinuxResources = "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources";
    public const string OciFeatures = "types.containerd.io/opencontainers/runtime-spec/1/features/Features";
}
