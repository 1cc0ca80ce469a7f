using System.Diagnostics;
using ShimStack.Api.Types;

namespace ShimStack.ShimDriver.Daemons;

/// <summary>Keeps every event in the order of arrival and lets tests wait for one, past or to come.</summary>
public sealed class EventRecorder
{
    private readonly Lock _lock = new();
    private readonly List<RecordedEvent> _events = [];
    private readonly List<(Func<RecordedEvent, bool> Match, TaskCompletionSource<RecordedEvent> Found)> _waiting = [];

    /// <summary>A copy of what has arrived so far.</summary>
    public IReadOnlyList<RecordedEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The first event that matches. Throws <see cref="TimeoutException"/> with the topics seen if none comes.</summary>
    public async Task<RecordedEvent> WaitAsync(Func<RecordedEvent, bool> match, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var found = new TaskCompletionSource<RecordedEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_events.Find(e => match(e)) is { } past)
            {
                return past;
            }

            _waiting.Add((match, found));
        }

        try
        {
            return await found.Task.WaitAsync(timeout, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"the event did not come within {timeout}; seen: {string.Join(' ', Events.Select(seen => seen.Topic))}", e);
        }
        finally
        {
            lock (_lock)
            {
                _waiting.RemoveAll(entry => entry.Found == found);
            }
        }
    }

    /// <summary>Waits for the exit of a process; <paramref name="processId"/> is the container id for the init.</summary>
    public Task<RecordedEvent> WaitForExitAsync(string containerId, string processId, TimeSpan timeout, CancellationToken cancellation = default) =>
        WaitAsync(e => e.IsExitOf(containerId, processId), timeout, cancellation);

    internal void Record(Envelope envelope)
    {
        var recorded = new RecordedEvent(
            Stopwatch.GetTimestamp(), envelope.Namespace, envelope.Topic, envelope.Timestamp, envelope.Event?.TypeUrl ?? "", envelope.Event?.Value ?? Google.Protobuf.ByteString.Empty);
        lock (_lock)
        {
            _events.Add(recorded);
            foreach ((Func<RecordedEvent, bool> match, TaskCompletionSource<RecordedEvent> found) in _waiting)
            {
                if (match(recorded))
                {
                    found.TrySetResult(recorded);
                }
            }
        }
    }
}
