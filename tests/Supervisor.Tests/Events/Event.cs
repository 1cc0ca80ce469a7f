using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Types;

namespace ShimStack.Supervisor.Tests.Events;

/// <summary>Events as a shim sends them.</summary>
internal static class Event
{
    public const string Namespace = "moby";

    private static readonly Timestamp Time = new() { Seconds = 1_790_000_000, Nanos = 7 };

    public static Envelope Plain(string topic = "/test/plain", string nameSpace = Namespace) => Of(topic, "test", new Empty(), nameSpace);

    public static Envelope Create(string container, uint pid) =>
        Of(Topics.TaskCreate, TypeUrls.TaskCreate, new TaskCreate { ContainerId = container, Pid = pid });

    public static Envelope Start(string container, uint pid) =>
        Of(Topics.TaskStart, TypeUrls.TaskStart, new TaskStart { ContainerId = container, Pid = pid });

    public static Envelope ExecAdded(string container, string exec) =>
        Of(Topics.TaskExecAdded, TypeUrls.TaskExecAdded, new TaskExecAdded { ContainerId = container, ExecId = exec });

    public static Envelope ExecStarted(string container, string exec, uint pid) =>
        Of(Topics.TaskExecStarted, TypeUrls.TaskExecStarted, new TaskExecStarted { ContainerId = container, ExecId = exec, Pid = pid });

    public static Envelope Exit(string container, uint pid, uint status = 0, string? exec = null) => Of(
        Topics.TaskExit,
        TypeUrls.TaskExit,
        new TaskExit { ContainerId = container, Id = exec ?? container, Pid = pid, ExitStatus = status, ExitedAt = Time });

    public static Envelope Delete(string container, uint pid) =>
        Of(Topics.TaskDelete, TypeUrls.TaskDelete, new TaskDelete { ContainerId = container, Pid = pid, ExitedAt = Time });

    /// <summary>The topic; of an exit with the container and the pid as well.</summary>
    public static string Name(Envelope envelope)
    {
        if (envelope.Topic != Topics.TaskExit)
        {
            return envelope.Topic;
        }

        TaskExit exit = TaskExit.Parser.ParseFrom(envelope.Event.Value);
        return $"{exit.ContainerId} {exit.Pid}";
    }

    private static Envelope Of(string topic, string typeUrl, IMessage message, string nameSpace = Namespace) => new()
    {
        Timestamp = Time,
        Namespace = nameSpace,
        Topic = topic,
        Event = new Any { TypeUrl = typeUrl, Value = message.ToByteString() },
    };
}
