using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Running;

/// <summary>A client of the daemon's events, which subscribes again to each daemon.</summary>
internal sealed class EventFeed(DaemonClient api, DrillRecord record) : IAsyncDisposable
{
    // As long as nobody listens a question fails at once; not a way of waiting for something to happen.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;

    public void Start() => _following = FollowAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            try
            {
                using AsyncServerStreamingCall<Envelope> call = api.Events
                    .Subscribe(new SubscribeRequest(), cancellationToken: _stop.Token);
                while (await call.ResponseStream.MoveNext(_stop.Token))
                {
                    Take(call.ResponseStream.Current);
                }
            }
            catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled)
            {
                // It went away, or ended the stream as it went.
            }

            await Task.Delay(Pause, _stop.Token);
        }
    }

    private void Take(Envelope envelope)
    {
        ReadOnlySpan<byte> bytes = envelope.Event.Value.Span;
        switch (envelope.Topic)
        {
            case Topics.TaskExit:
                TakeExit(TaskExit.Parser.ParseFrom(bytes));
                break;
            case Topics.TaskCreate:
                Note(envelope, TaskCreate.Parser.ParseFrom(bytes).ContainerId);
                break;
            case Topics.TaskStart:
                Note(envelope, TaskStart.Parser.ParseFrom(bytes).ContainerId);
                break;
            case Topics.TaskDelete:
                TaskDelete deleted = TaskDelete.Parser.ParseFrom(bytes);
                Note(envelope, deleted.Id.Length > 0 ? deleted.Id : deleted.ContainerId);
                break;
            case Topics.TaskExecAdded:
                Note(envelope, TaskExecAdded.Parser.ParseFrom(bytes).ExecId);
                break;
            case Topics.TaskExecStarted:
                Note(envelope, TaskExecStarted.Parser.ParseFrom(bytes).ExecId);
                break;
            default:
                break; // Of containers, namespaces and pauses the answers of the calls tell.
        }
    }

    private void Note(Envelope envelope, string name) => record.Note(EntryKind.Event, name, envelope.Topic);

    private void TakeExit(TaskExit exit)
    {
        string name = exit.Id.Length > 0 ? exit.Id : exit.ContainerId;
        record.Note(EntryKind.Event, name, $"{Topics.TaskExit} of process {exit.Pid}: {exit.ExitStatus} at {exit.ExitedAt}", now =>
        {
            Subject? subject = record.Subjects.Find(subject => subject.Name == name && subject.Container == exit.ContainerId);
            subject?.Events.Add(new ExitReport(now, (int)exit.ExitStatus, exit.ExitedAt?.ToDateTimeOffset(), unchecked((int)exit.Pid)));
        });
    }
}
