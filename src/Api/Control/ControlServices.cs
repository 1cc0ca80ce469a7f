namespace ShimStack.Api.Control;

/// <summary>Name under which a shim serves its operators, and the methods.</summary>
public static class ControlServices
{
    public const string V1 = "shimstack.control.v1.Control";

    public const string Status = "Status";
    public const string Dump = "Dump";
    public const string Settings = "Settings";
    public const string ReopenLogs = "ReopenLogs";
    public const string Upgrade = "Upgrade";
}
