using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Types;

namespace ShimStack.Supervisor.Events;

/// <summary>How an event changes what is known of processes.</summary>
internal enum ProcessChangeKind
{
    /// <summary>A new run of the container begins, with its init process.</summary>
    Created,

    /// <summary>An exec is there, without a pid.</summary>
    Added,

    /// <summary>The pid is known.</summary>
    Started,

    /// <summary>The process has ended.</summary>
    Exited,

    /// <summary>The process is gone; if it is the init, so is the rest of the container.</summary>
    Deleted,
}

/// <summary>What an event says of a process.</summary>
internal sealed record ProcessChange(ProcessChangeKind Kind, string Namespace, string Container, string Exec, uint Pid)
{
    public uint ExitStatus { get; private init; }

    /// <summary>The bytes of the time at which it ended; empty if the event has none.</summary>
    public byte[] ExitedAt { get; private init; } = [];

    /// <summary>Reads an event; null if it says nothing of a process, or cannot be read. Contract chapter 2.9.</summary>
    public static ProcessChange? Of(Envelope envelope)
    {
        try
        {
            return envelope.Topic.StartsWith("/tasks/", StringComparison.Ordinal) && envelope.Event is Any any
                ? Read(envelope.Namespace, envelope.Topic, any)
                : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // it goes to the subscribers as it came, as it does in containerd
        }
    }

    private static ProcessChange? Read(string nameSpace, string topic, Any any) =>
        (topic, any.TypeUrl[(any.TypeUrl.LastIndexOf('/') + 1)..]) switch
        {
            (Topics.TaskCreate, TypeUrls.TaskCreate) => Of(nameSpace, TaskCreate.Parser.ParseFrom(any.Value)),
            (Topics.TaskStart, TypeUrls.TaskStart) => Of(nameSpace, TaskStart.Parser.ParseFrom(any.Value)),
            (Topics.TaskExecAdded, TypeUrls.TaskExecAdded) => Of(nameSpace, TaskExecAdded.Parser.ParseFrom(any.Value)),
            (Topics.TaskExecStarted, TypeUrls.TaskExecStarted) => Of(nameSpace, TaskExecStarted.Parser.ParseFrom(any.Value)),
            (Topics.TaskExit, TypeUrls.TaskExit) => Of(nameSpace, TaskExit.Parser.ParseFrom(any.Value)),
            (Topics.TaskDelete, TypeUrls.TaskDelete) => Of(nameSpace, TaskDelete.Parser.ParseFrom(any.Value)),
            _ => null,
        };

    private static ProcessChange Of(string nameSpace, TaskCreate e) => new(ProcessChangeKind.Created, nameSpace, e.ContainerId, "", e.Pid);

    private static ProcessChange Of(string nameSpace, TaskStart e) => new(ProcessChangeKind.Started, nameSpace, e.ContainerId, "", e.Pid);

    private static ProcessChange Of(string nameSpace, TaskExecAdded e) => new(ProcessChangeKind.Added, nameSpace, e.ContainerId, e.ExecId, 0);

    private static ProcessChange Of(string nameSpace, TaskExecStarted e) =>
        new(ProcessChangeKind.Started, nameSpace, e.ContainerId, e.ExecId, e.Pid);

    private static ProcessChange Of(string nameSpace, TaskExit e) =>
        new(ProcessChangeKind.Exited, nameSpace, e.ContainerId, ExecOf(e.ContainerId, e.Id), e.Pid)
        {
            ExitStatus = e.ExitStatus,
            ExitedAt = e.ExitedAt?.ToByteArray() ?? [],
        };

    private static ProcessChange Of(string nameSpace, TaskDelete e) =>
        new(ProcessChangeKind.Deleted, nameSpace, e.ContainerId, ExecOf(e.ContainerId, e.Id), e.Pid);

    // The init process goes by the id of its container, and in TaskDelete by none.
    private static string ExecOf(string container, string id) => id == container ? "" : id;
}
