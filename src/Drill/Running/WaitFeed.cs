using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Running;

/// <summary>The Waits of the drill. One that is cut by the death of the daemon is asked again, as every client does.</summary>
internal sealed class WaitFeed(DaemonClient api, DrillRecord record, CancellationToken stop)
{
    // As long as nobody listens a question fails at once; not a way of waiting for something to happen.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public const string Early = "early";
    public const string Late = "late";

    /// <summary>Asks, unless that was done already.</summary>
    public void Ask(Subject subject, string name)
    {
        WaitRecord? wait = record.Read(() => subject.Waits.Exists(wait => wait.Name == name) ? null : new WaitRecord(name, record.Now()));
        if (wait is not null)
        {
            record.Change(() => subject.Waits.Add(wait));
            _ = AskAsync(subject, wait);
        }
    }

    private async Task AskAsync(Subject subject, WaitRecord wait)
    {
        WaitRequest request = new() { ContainerId = subject.Container, ExecId = subject.IsInit ? "" : subject.Name };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                WaitResponse answer = await api.Tasks.WaitAsync(request, cancellationToken: stop);
                record.Note(EntryKind.Call, subject.Name, $"{wait.Name} Wait is answered: {answer.ExitStatus} at {answer.ExitedAt}", now =>
                    wait.Answers.Add(new ExitReport(now, (int)answer.ExitStatus, answer.ExitedAt?.ToDateTimeOffset())));
                return;
            }
            catch (RpcException e) when (ConnectionLoss.Is(e))
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
            {
                return; // The drill is over.
            }
            catch (RpcException e)
            {
                record.Note(EntryKind.Call, subject.Name, $"{wait.Name} Wait is refused: {e.StatusCode}, {e.Status.Detail}", _ =>
                    wait.Refusal = e.Status.Detail);
                return;
            }
        }
    }
}
