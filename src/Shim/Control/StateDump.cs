using ShimStack.Shim.Events;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>
/// Dump: the status line by line, and what is under way: each call that is not answered, with what it waits for and since when, each event
/// that is not delivered, each thread with the kernel function it waits in.
/// </summary>
internal sealed class StateDump(ShimInside shim)
{
    private const int NoField = 0; // these items are in no message
    private readonly DateTimeOffset _now = shim.Time.GetUtcNow();

    public IEnumerable<string> Lines()
    {
        ReportLines lines = new();
        lines.Begin(NoField, "shim");
        new StatusReport(shim).WriteTo(lines);
        CallReasons reasons = new(shim.Tasks, shim.Calls);
        foreach (OpenCall call in shim.Connections.OpenCalls)
        {
            WriteCall(lines, call, reasons.Of(call));
        }

        foreach (PendingEvent pending in shim.Outbox.Pending)
        {
            WriteEvent(lines, pending);
        }

        OwnResources.WriteThreads(lines);
        return lines.Lines;
    }

    private void WriteCall(ReportLines lines, OpenCall call, string? reason)
    {
        ExitSubject subject = CallReasons.SubjectOf(call);
        lines.Begin(NoField, "call");
        lines.Text(NoField, "method", call.Method);
        lines.Text(NoField, "id", subject.Task);
        lines.Text(NoField, "exec", subject.Exec);
        lines.Time(NoField, "for", _now - call.Began);
        if (call.Deadline is DateTimeOffset deadline)
        {
            lines.Time(NoField, "left", deadline - _now);
        }

        lines.Text(NoField, "waits_for", reason);
        lines.End();
    }

    private void WriteEvent(ReportLines lines, PendingEvent pending)
    {
        lines.Begin(NoField, "event");
        lines.Text(NoField, "topic", pending.Topic);
        lines.Text(NoField, "id", pending.Exit?.Task);
        lines.Text(NoField, "exec", pending.Exit?.Exec);
        lines.Time(NoField, "for", _now - pending.At);
        lines.Text(NoField, "waits_for", ReferenceEquals(pending, shim.Outbox.UnderWay) ? "the daemon's answer" : "its turn");
        lines.End();
    }
}
