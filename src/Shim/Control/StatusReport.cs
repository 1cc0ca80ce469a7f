using ShimStack.Api.Control;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Events;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Control;

/// <summary>Status: the tables of the shim as they are now. Only reads, and waits for nobody.</summary>
internal sealed class StatusReport(ShimInside shim)
{
    private readonly DateTimeOffset _now = shim.Time.GetUtcNow();

    public StatusResponse Make()
    {
        StatusResponse status = new()
        {
            Version = ShimVersion.Text,
            Pid = (uint)Environment.ProcessId,
            Namespace = shim.Namespace,
            UptimeMs = Milliseconds(_now - shim.Began),
            Daemon = shim.Outage.IsAway ? "away" : shim.Outage.IsRecent ? "recent" : "here",
            Connections = (uint)shim.Connections.Count,
            Children = (uint)shim.Reaper.Expected,
            Events = Events(),
            Resources = OwnResources.Read(),
            LogLinesLost = (ulong)shim.LogLinesLost(),
        };
        status.Containers.AddRange(shim.Tasks.All.Select(Container));
        status.RuntimeCalls.AddRange(shim.Calls.Running.Concat(shim.Calls.Ended.Reverse()).Select(Call));
        return status;
    }

    private static ContainerStatus Container(ContainerTask task)
    {
        ContainerStatus container = new() { Id = task.Id, Bundle = task.Bundle };
        container.Processes.AddRange(task.Processes.Select(process => Process(task, process)));
        return container;
    }

    private static ProcessStatus Process(ContainerTask task, TaskProcess process)
    {
        ProcessStatus status = new()
        {
            ExecId = task.SubjectOf(process).Exec,
            Pid = (uint)process.Pid,
            State = NameOf(process.State),
            Operation = process.Gate.Holder ?? string.Empty,
            OperationMs = Milliseconds(process.Gate.HeldFor),
            WaitsFor = process.Gate.WaitsFor ?? string.Empty,
        };
        status.Waiting.AddRange(process.Gate.Waiting);
        status.Streams.AddRange(process.Stdio?.Copies.Select(Stream) ?? []);
        return status;
    }

    private static StreamStatus Stream(StreamCopy copy) => new()
    {
        Name = copy.Name,
        ReaderAway = copy.AwaitsReader || copy.Sink is { ReaderAway: true },
        Spooled = (ulong)(copy.Sink?.Kept ?? 0),
        Dropped = (ulong)(copy.Sink?.Lost ?? 0),
    };

    private RuntimeCallStatus Call(RuntimeCall call) => new()
    {
        Command = call.Command,
        Container = call.Container,
        Pid = (uint)call.Pid,
        TookMs = Milliseconds(call.Took ?? _now - call.Started),
        Outcome = call.Outcome,
    };

    private EventsStatus Events()
    {
        PendingEvent? oldest = shim.Outbox.Pending.FirstOrDefault();
        return new EventsStatus
        {
            Pending = (uint)shim.Outbox.Pending.Count,
            OldestMs = oldest is null ? 0 : Milliseconds(_now - oldest.At),
            Dropped = (ulong)shim.Outbox.Dropped,
            Refused = (ulong)shim.Outbox.Refused,
        };
    }

    private static string NameOf(ProcessState state) => state switch
    {
        ProcessState.Created => "created",
        ProcessState.Running => "running",
        ProcessState.Paused => "paused",
        ProcessState.Stopped => "stopped",
        _ => "deleted",
    };

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
