using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;

namespace ShimStack.Ctl.Events;

/// <summary>What an event says: names as on the wire, values as text or numbers. Of one that is not known nothing but its type.</summary>
internal static class EventFields
{
    public static IEnumerable<(string Name, object Value)> Of(Any message) => message.TypeUrl switch
    {
        TypeUrls.TaskCreate when TaskCreate.Parser.ParseFrom(message.Value) is TaskCreate e => [Container(e.ContainerId), Pid(e.Pid)],
        TypeUrls.TaskStart when TaskStart.Parser.ParseFrom(message.Value) is TaskStart e => [Container(e.ContainerId), Pid(e.Pid)],
        TypeUrls.TaskExit when TaskExit.Parser.ParseFrom(message.Value) is TaskExit e => [Container(e.ContainerId), ("id", e.Id), Pid(e.Pid), Code(e.ExitStatus)],
        TypeUrls.TaskDelete when TaskDelete.Parser.ParseFrom(message.Value) is TaskDelete e => [Container(e.ContainerId), ("id", e.Id), Pid(e.Pid), Code(e.ExitStatus)],
        TypeUrls.TaskOOM => [Container(TaskOOM.Parser.ParseFrom(message.Value).ContainerId)],
        TypeUrls.TaskExecAdded when TaskExecAdded.Parser.ParseFrom(message.Value) is TaskExecAdded e => [Container(e.ContainerId), Exec(e.ExecId)],
        TypeUrls.TaskExecStarted when TaskExecStarted.Parser.ParseFrom(message.Value) is TaskExecStarted e => [Container(e.ContainerId), Exec(e.ExecId), Pid(e.Pid)],
        TypeUrls.TaskPaused => [Container(TaskPaused.Parser.ParseFrom(message.Value).ContainerId)],
        TypeUrls.TaskResumed => [Container(TaskResumed.Parser.ParseFrom(message.Value).ContainerId)],
        TypeUrls.TaskCheckpointed => [Container(TaskCheckpointed.Parser.ParseFrom(message.Value).ContainerId)],
        TypeUrls.ContainerCreate => [("id", ContainerCreate.Parser.ParseFrom(message.Value).Id)],
        TypeUrls.ContainerUpdate => [("id", ContainerUpdate.Parser.ParseFrom(message.Value).Id)],
        TypeUrls.ContainerDelete => [("id", ContainerDelete.Parser.ParseFrom(message.Value).Id)],
        TypeUrls.NamespaceCreate => [("name", NamespaceCreate.Parser.ParseFrom(message.Value).Name)],
        TypeUrls.NamespaceUpdate => [("name", NamespaceUpdate.Parser.ParseFrom(message.Value).Name)],
        TypeUrls.NamespaceDelete => [("name", NamespaceDelete.Parser.ParseFrom(message.Value).Name)],
        string other => [("type", other)],
    };

    private static (string Name, object Value) Container(string id) => ("container_id", id);

    private static (string Name, object Value) Exec(string id) => ("exec_id", id);

    private static (string Name, object Value) Pid(uint pid) => ("pid", pid);

    private static (string Name, object Value) Code(uint status) => ("exit_status", status);
}
