using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Upgrade;

namespace ShimStack.Shim.Control;

/// <summary>Status: the tables of the shim as they are now, field by field of control.proto's StatusResponse. Only reads, and waits for nobody.</summary>
internal sealed class StatusReport(ShimInside shim)
{
    private readonly DateTimeOffset _now = shim.Time.GetUtcNow();

    public void WriteTo(Report to)
    {
        to.Text(1, "version", ShimVersion.Text);
        to.Number(2, "pid", Environment.ProcessId);
        to.Text(3, "namespace", shim.Namespace);
        to.Time(4, "up", _now - shim.Began);
        to.Text(5, "daemon", shim.Outage.IsAway ? "away" : shim.Outage.IsRecent ? "recent" : "here");
        to.Number(6, "connections", shim.Connections.Count);
        to.Number(7, "children", shim.Reaper.Expected);
        to.Number(12, "log_lines_lost", shim.LogLinesLost());
        to.Number(13, "undelivered", shim.Tasks.UndeliveredBytes);
        foreach (ContainerTask task in shim.Tasks.All)
        {
            WriteContainer(to, task);
        }

        WriteEvents(to);
        foreach (RuntimeCall call in shim.Calls.Running)
        {
            WriteCall(to, call);
        }

        foreach (RuntimeCall call in shim.Calls.Ended)
        {
            WriteCall(to, call);
        }

        OwnResources.WriteTo(to);
        if (shim.Upgrade.Last is UpgradeOutcome outcome)
        {
            to.Begin(14, "upgrade");
            outcome.WriteTo(to);
            to.End();
        }
    }

    private static void WriteContainer(Report to, ContainerTask task)
    {
        to.Begin(8, "container");
        to.Text(1, "id", task.Id);
        to.Text(2, "bundle", task.Bundle);
        foreach (TaskProcess process in task.Processes)
        {
            WriteProcess(to, task, process);
        }

        to.End();
    }

    private static void WriteProcess(Report to, ContainerTask task, TaskProcess process)
    {
        ProcessGate gate = process.Gate;
        to.Begin(3, "process");
        to.Text(1, "exec", task.SubjectOf(process).Exec);
        to.Number(2, "pid", process.Pid);
        to.Text(3, "state", NameOf(process.State));
        if (gate.Holder is not null)
        {
            to.Text(4, "operation", gate.Holder);
            to.Time(5, "for", gate.HeldFor);
            to.Text(6, "waits_for", gate.WaitsFor);
        }

        WriteWaiting(to, gate);
        WriteWaiting(to, process.ExitGate);

        foreach (StreamCopy copy in process.Stdio?.Copies ?? [])
        {
            WriteStream(to, copy);
        }

        to.End();
    }

    private static void WriteWaiting(Report to, ProcessGate gate)
    {
        foreach (string waiting in gate.Waiting)
        {
            to.Text(7, "waiting", waiting);
        }
    }

    private static void WriteStream(Report to, StreamCopy copy)
    {
        to.Begin(8, "stream");
        to.Text(1, "name", copy.Name);
        to.Flag(2, "reader_away", copy.AwaitsReader || copy.Sink is { ReaderAway: true });
        to.Number(3, "spooled", copy.Sink?.Kept ?? 0);
        to.Number(4, "dropped", copy.Sink?.Lost ?? 0);
        to.End();
    }

    private void WriteEvents(Report to)
    {
        to.Begin(9, "events");
        if (shim.Outbox.Pending.Count > 0)
        {
            to.Number(1, "pending", shim.Outbox.Pending.Count);
            to.Time(2, "oldest", _now - shim.Outbox.Pending[0].At);
        }

        to.Number(3, "dropped", shim.Outbox.Dropped);
        to.Number(4, "refused", shim.Outbox.Refused);
        to.End();
    }

    private void WriteCall(Report to, RuntimeCall call)
    {
        to.Begin(10, "runtime");
        to.Text(1, "command", call.Command);
        to.Text(2, "id", call.Container);
        to.Number(3, "pid", call.Pid);
        to.Time(4, call.Took is null ? "for" : "took", call.Took ?? _now - call.Started);
        to.Text(5, "outcome", call.Outcome);
        to.End();
    }

    private static string NameOf(ProcessState state) => state switch
    {
        ProcessState.Created => "created",
        ProcessState.Running => "running",
        ProcessState.Paused => "paused",
        ProcessState.Stopped => "stopped",
        _ => "deleted",
    };
}
