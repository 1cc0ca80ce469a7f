using Google.Protobuf;
using ShimStack.Api.Events;

namespace ShimStack.Drill.Apis;

/// <summary>containerd's events, as shims send them and daemons pass them on.</summary>
internal static class TaskEvents
{
    /// <summary>null for what the answers of calls tell as well: containers, namespaces, pauses.</summary>
    public static ToldEvent? TryRead(string topic, ByteString value) => topic switch
    {
        Topics.TaskExit => Exit(TaskExit.Parser.ParseFrom(value)),
        Topics.TaskCreate => Of(topic, TaskCreate.Parser.ParseFrom(value).ContainerId, ""),
        Topics.TaskStart => Of(topic, TaskStart.Parser.ParseFrom(value).ContainerId, ""),
        Topics.TaskDelete => Delete(TaskDelete.Parser.ParseFrom(value)),
        Topics.TaskExecAdded => Added(TaskExecAdded.Parser.ParseFrom(value)),
        Topics.TaskExecStarted => Started(TaskExecStarted.Parser.ParseFrom(value)),
        _ => null,
    };

    private static ToldEvent Of(string topic, string container, string id) => new(topic, container, id.Length > 0 ? id : container);

    private static ToldEvent Delete(TaskDelete told) => Of(Topics.TaskDelete, told.ContainerId, told.Id);

    private static ToldEvent Added(TaskExecAdded told) => Of(Topics.TaskExecAdded, told.ContainerId, told.ExecId);

    private static ToldEvent Started(TaskExecStarted told) => Of(Topics.TaskExecStarted, told.ContainerId, told.ExecId);

    private static ToldEvent Exit(TaskExit told) => Of(Topics.TaskExit, told.ContainerId, told.Id) with
    {
        Exit = new ToldExit((int)told.ExitStatus, told.ExitedAt?.ToDateTimeOffset()),
        Pid = unchecked((int)told.Pid),
    };
}
