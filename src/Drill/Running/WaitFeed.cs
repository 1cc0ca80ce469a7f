using Grpc.Core;
using ShimStack.Client;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Running;

/// <summary>The Waits of the drill. One that is cut by the death of the daemon is asked again, as every client does.</summary>
internal sealed class WaitFeed(IDaemonApi api, DrillRecord record, CancellationToken stop)
{
    // As long as nobody listens a question fails at once; not a way of waiting for something to happen.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public const string Early = "early";
    public const string Late = "late";

    /// <summary>Asks, unless that was done already.</summary>
    public void Ask(Subject subject, string name)
    {
        if (!subject.IsInit && !record.Promises.KeepsExecs)
        {
            return;
        }

        WaitRecord? wait = record.Read(() => subject.Waits.Exists(wait => wait.Name == name) ? null : new WaitRecord(name, record.Now()));
        if (wait is not null)
        {
            record.Change(() => subject.Waits.Add(wait));
            _ = AskAsync(subject, wait);
        }
    }

    private async Task AskAsync(Subject subject, WaitRecord wait)
    {
        bool isAgain = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                ToldExit answer = await api.WaitAsync(subject, isAgain, stop);
                record.Note(EntryKind.Call, subject.Name, $"{wait.Name} Wait is answered: {answer.Code} at {answer.At:HH:mm:ss.fff}", now =>
                    wait.Answers.Add(new ExitReport(now, answer.Code, answer.At)));
                return;
            }
            catch (RpcException e) when (ConnectionLoss.Is(e))
            {
                isAgain = true;
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
