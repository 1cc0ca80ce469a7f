using Grpc.Core;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;

namespace ShimStack.Drill.Running;

/// <summary>A client of the daemon's events, which subscribes again to each daemon.</summary>
internal sealed class EventFeed(IDaemonApi api, DrillRecord record) : IAsyncDisposable
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
                await api.FollowAsync(Take, _stop.Token);
            }
            catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled)
            {
                // It went away, or ended the stream as it went.
            }

            await Task.Delay(Pause, _stop.Token);
        }
    }

    private void Take(ToldEvent told)
    {
        if (told.Exit is not ToldExit exit)
        {
            record.Note(EntryKind.Event, told.Name, told.Topic);
            return;
        }

        record.Note(EntryKind.Event, told.Name, $"{told.Topic} of process {told.Pid}: {exit.Code} at {exit.At:HH:mm:ss.fff}", now =>
        {
            Subject? subject = record.Subjects.Find(subject => subject.Name == told.Name && subject.Container == told.Container);
            subject?.Events.Add(new ExitReport(now, exit.Code, exit.At, told.Pid ?? subject.Pid));
        });
    }
}
