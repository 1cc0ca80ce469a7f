using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Events;

namespace ShimStack.SystemTests.Containers;

/// <summary>One event of a task. Process: the exec's id, or the container's for its first process.</summary>
internal sealed record TaskEvent(string Topic, string Container, string Process, uint ExitStatus = 0)
{
    /// <summary>Of an exit and of a Delete; else 0.</summary>
    public int Pid { get; init; }

    /// <summary>Of an exit: when it happened.</summary>
    public DateTimeOffset ExitedAt { get; init; }
}

/// <summary>Follows the daemon's event stream, as dockerd and CRI do.</summary>
internal sealed class EventLog : IDisposable
{
    private const string Ready = "/shimstack/ready";

    private readonly AsyncServerStreamingCall<Envelope> _stream;
    private readonly List<TaskEvent> _events = [];
    private readonly Lock _lock = new();
    private bool _follows;

    private EventLog(DaemonClient client) => _stream = client.Events.Subscribe(new SubscribeRequest());

    public IReadOnlyList<TaskEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Returns when the subscription is known to work: an event of our own has come back.</summary>
    public static async Task<EventLog> FollowAsync(Stage stage)
    {
        EventLog log = new(stage.Client);
        _ = log.ReadAsync();
        for (int tries = 0; tries < 100 && !log._follows; tries++)
        {
            await stage.Client.Events.PublishAsync(new PublishRequest { Topic = Ready, Event = new Any { TypeUrl = "containerd.events.TaskOOM" } });
            await Until.IsTrueAsync(() => log._follows, TimeSpan.FromMilliseconds(50));
        }

        Assert.True(log._follows, "the event stream does not come up");
        return log;
    }

    /// <summary>The topics of one container in their order, execs with their id: "create", "start", "exec-started a", "exit a", "exit", "delete".</summary>
    public IEnumerable<string> Story(string container) => Events.Where(e => e.Container == container)
        .Select(e => e.Topic["/tasks/".Length..] + (e.Process == container ? "" : " " + e.Process));

    public Task WaitForAsync(Func<IReadOnlyList<TaskEvent>, bool> condition, string what) => Until.TrueAsync(() => condition(Events), what);

    public void Dispose() => _stream.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            await foreach (Envelope envelope in _stream.ResponseStream.ReadAllAsync())
            {
                Add(envelope);
            }
        }
        catch (RpcException)
        {
            // The daemon or the test has ended the stream; who still waits for an event learns it by its deadline.
        }
    }

    private void Add(Envelope envelope)
    {
        lock (_lock)
        {
            _follows |= envelope.Topic == Ready;
            if (Parse(envelope) is TaskEvent parsed)
            {
                _events.Add(parsed);
            }
        }
    }

    private static TaskEvent? Parse(Envelope envelope)
    {
        switch (envelope.Topic)
        {
            case "/tasks/exit":
                TaskExit exit = TaskExit.Parser.ParseFrom(envelope.Event.Value);
                return new TaskEvent(envelope.Topic, exit.ContainerId, exit.Id, exit.ExitStatus)
                {
                    Pid = (int)exit.Pid,
                    ExitedAt = exit.ExitedAt?.ToDateTimeOffset() ?? default,
                };
            case "/tasks/delete":
                TaskDelete delete = TaskDelete.Parser.ParseFrom(envelope.Event.Value);
                return new TaskEvent(envelope.Topic, delete.ContainerId, delete.ContainerId, delete.ExitStatus) { Pid = (int)delete.Pid };
            case "/tasks/exec-added" or "/tasks/exec-started":
                ExecSubject exec = ExecSubject.Parser.ParseFrom(envelope.Event.Value);
                return new TaskEvent(envelope.Topic, exec.ContainerId, exec.ExecId);
            case "/tasks/create" or "/tasks/start" or "/tasks/oom":
                TaskSubject task = TaskSubject.Parser.ParseFrom(envelope.Event.Value);
                return new TaskEvent(envelope.Topic, task.ContainerId, task.ContainerId);
            default:
                return null;
        }
    }
}
