namespace ShimStack.Api.Sandbox;

/// <summary>Names under which a shim serves its sandbox.</summary>
public static class SandboxServices
{
    public const string V1 = "containerd.runtime.sandbox.v1.Sandbox";

    public const string CreateSandbox = "CreateSandbox";
    public const string StartSandbox = "StartSandbox";
    public const string Platform = "Platform";
    public const string StopSandbox = "StopSandbox";
    public const string WaitSandbox = "WaitSandbox";
    public const string SandboxStatus = "SandboxStatus";
    public const string PingSandbox = "PingSandbox";
    public const string ShutdownSandbox = "ShutdownSandbox";
    public const string SandboxMetrics = "SandboxMetrics";
}
