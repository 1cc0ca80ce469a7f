namespace ShimStack.Api.Task;

/// <summary>Names under which a shim serves its tasks, on ttrpc as in gRPC paths.</summary>
public static class TaskServices
{
    /// <summary>Spoken by 1.x daemons, and by later ones after a downgrade.</summary>
    public const string V2 = "containerd.task.v2.Task";

    /// <summary>Spoken by 2.x daemons; the messages are those of <see cref="V2"/>.</summary>
    public const string V3 = "containerd.task.v3.Task";

    public const string State = "State";
    public const string Create = "Create";
    public const string Start = "Start";
    public const string Delete = "Delete";
    public const string Pids = "Pids";
    public const string Pause = "Pause";
    public const string Resume = "Resume";
    public const string Checkpoint = "Checkpoint";
    public const string Kill = "Kill";
    public const string Exec = "Exec";
    public const string ResizePty = "ResizePty";
    public const string CloseIO = "CloseIO";
    public const string Update = "Update";
    public const string Wait = "Wait";
    public const string Stats = "Stats";
    public const string Connect = "Connect";
    public const string Shutdown = "Shutdown";
}
