using Grpc.Core;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Running;

/// <summary>
/// Asks the daemon something small every 10 ms, on a connection of its own, one question at a time: so it sees when the API is away, and
/// how quick it is.
/// </summary>
internal sealed class ApiProbe(IDaemonApi api, TargetPlaces places, DrillRecord record) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    // A daemon that is frozen takes the call and keeps it: nobody would call that being there.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private Task _probing = Task.CompletedTask;
    private Moment _lastAnswer;
    private volatile bool _isAwaited;

    public void Start() => _probing = ProbeAsync();

    /// <summary>Returns when a question that was asked after <paramref name="moment"/> is answered.</summary>
    public async Task AnswersAfterAsync(Moment moment, Task daemonEnd, TimeSpan limit)
    {
        using CancellationTokenSource stop = new(limit);
        _isAwaited = true;
        while (true)
        {
            Task change = record.NextChange();
            if (record.Read(() => record.AwaySince is null && _lastAnswer.Nanoseconds > moment.Nanoseconds))
            {
                _isAwaited = false;
                return;
            }

            if (await Task.WhenAny(change.WaitAsync(stop.Token), daemonEnd) == daemonEnd)
            {
                throw new DrillException($"the daemon ended at its start; its log is {places.LogFile}");
            }

            if (stop.IsCancellationRequested)
            {
                throw new DrillException(
                    $"the daemon does not answer {limit.TotalSeconds:0} s after its start; its log is {places.LogFile}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        api.Dispose();
        _stop.Dispose();
    }

    private async Task ProbeAsync()
    {
        using PeriodicTimer timer = new(Interval);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            Moment asked = record.Now();
            try
            {
                await api.PingAsync(_stop.Token);
                Answered(asked);
            }
            catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled)
            {
                if (record.AwaySince is null)
                {
                    // From the last answer on nobody knows.
                    record.Note(EntryKind.Api, "daemon", "the API is away", now =>
                        record.AwaySince = _lastAnswer == default ? now : _lastAnswer);
                }
            }
        }
    }

    private void Answered(Moment asked)
    {
        Moment now = record.Now();
        if (record.AwaySince is Moment since)
        {
            record.Note(EntryKind.Api, "daemon", $"the API is back after {now.Since(since).TotalMilliseconds:0} ms", _ =>
            {
                record.Outages.Add(new Outage(since, now));
                record.AwaySince = null;
                _lastAnswer = asked;
            });
            return;
        }

        void Count()
        {
            _lastAnswer = asked;
            record.Calls.Add(now.Since(asked));
            if (now.Since(asked) > Silence)
            {
                record.Outages.Add(new Outage(asked, now));
            }
        }

        // A hundred times a second nobody else need be woken.
        if (_isAwaited)
        {
            record.Change(Count);
        }
        else
        {
            lock (record.Gate)
            {
                Count();
            }
        }
    }
}
