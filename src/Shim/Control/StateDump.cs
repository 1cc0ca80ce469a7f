using ShimStack.Api.Control;
using ShimStack.Shim.Events;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>
/// Dump: the status line by line, and what is under way: each call that is not answered, with what it waits for and since when, each event
/// that is not delivered, each thread with the kernel function it waits in.
/// </summary>
internal sealed class StateDump(ShimInside shim)
{
    private readonly StatusResponse _status = new StatusReport(shim).Make();

    public IEnumerable<string> Lines() => Parts().Select(static line => line.ToString());

    private IEnumerable<DumpLine> Parts() =>
        [Shim(), .. _status.Containers.SelectMany(Container), .. Calls(), .. _status.RuntimeCalls.Select(Runtime), .. Events(), .. OwnResources.ThreadLines()];

    private DumpLine Shim() => new DumpLine("shim")
        .Add("version", _status.Version)
        .Add("pid", _status.Pid)
        .Add("namespace", _status.Namespace)
        .Add("up", TimeSpan.FromMilliseconds(_status.UptimeMs))
        .Add("daemon", _status.Daemon)
        .Add("connections", _status.Connections)
        .Add("children", _status.Children)
        .Add("rss", (long)_status.Resources.RssBytes)
        .Add("descriptors", _status.Resources.Descriptors)
        .Add("events_dropped", (long)_status.Events.Dropped)
        .Add("events_refused", (long)_status.Events.Refused)
        .Add("log_lines_lost", (long)_status.LogLinesLost);

    private static IEnumerable<DumpLine> Container(ContainerStatus container)
    {
        yield return new DumpLine("container").Add("id", container.Id).Add("bundle", container.Bundle);
        foreach (ProcessStatus process in container.Processes)
        {
            DumpLine line = new DumpLine("process").Add("id", container.Id).Add("exec", process.ExecId).Add("pid", process.Pid).Add("state", process.State);
            if (process.Operation.Length > 0)
            {
                line.Add("operation", process.Operation).Add("for", TimeSpan.FromMilliseconds(process.OperationMs));
            }

            yield return line.Add("waits_for", process.WaitsFor).Add("waiting", string.Join(',', process.Waiting));
            foreach (StreamStatus stream in process.Streams)
            {
                yield return new DumpLine("stream").Add("id", container.Id).Add("exec", process.ExecId).Add("name", stream.Name)
                    .Add("reader", stream.ReaderAway ? "away" : "").Add("spooled", (long)stream.Spooled).Add("dropped", (long)stream.Dropped);
            }
        }
    }

    private IEnumerable<DumpLine> Calls()
    {
        DateTimeOffset now = shim.Time.GetUtcNow();
        CallReasons reasons = new(shim.Tasks, shim.Calls);
        foreach (OpenCall call in shim.Connections.OpenCalls)
        {
            ExitSubject subject = CallReasons.SubjectOf(call);
            DumpLine line = new DumpLine("call").Add("method", call.Method).Add("id", subject.Task).Add("exec", subject.Exec).Add("for", now - call.Began);
            if (call.Deadline is DateTimeOffset deadline)
            {
                line.Add("left", deadline - now);
            }

            yield return line.Add("waits_for", reasons.Of(call));
        }
    }

    private static DumpLine Runtime(RuntimeCallStatus call) => new DumpLine("runtime")
        .Add("command", call.Command)
        .Add("id", call.Container)
        .Add("pid", call.Pid)
        .Add(call.Outcome.Length == 0 ? "for" : "took", TimeSpan.FromMilliseconds(call.TookMs))
        .Add("outcome", call.Outcome);

    private IEnumerable<DumpLine> Events()
    {
        DateTimeOffset now = shim.Time.GetUtcNow();
        foreach (PendingEvent pending in shim.Outbox.Pending)
        {
            yield return new DumpLine("event").Add("topic", pending.Topic).Add("id", pending.Exit?.Task).Add("exec", pending.Exit?.Exec)
                .Add("for", now - pending.At).Add("waits_for", ReferenceEquals(pending, shim.Outbox.UnderWay) ? "the daemon's answer" : "its turn");
        }
    }
}
