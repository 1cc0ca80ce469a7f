using System.Diagnostics.Metrics;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Recovery;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor.Metrics;

/// <summary>What can be counted in this daemon. It is read when somebody asks, so it costs nothing in between.</summary>
internal sealed class DaemonMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "shimstackd";

    private readonly Meter _meter = new(Name);
    private readonly EventJournal _journal;
    private long _owed;

    public DaemonMeter(TaskTable tasks, EventJournal journal, ShimStarts shims, RecoveryTime recovery)
    {
        _journal = journal;
        _meter.CreateObservableGauge("shimstackd.tasks", () => Tasks(tasks), description: "Tasks, by whether their shim answers");
        _meter.CreateObservableCounter("shimstackd.events.recorded", () => journal.Recorded, description: "Events put on record");
        _meter.CreateObservableCounter("shimstackd.events.dropped", () => journal.Dropped, description: "Repeated exits that were dropped");
        _meter.CreateObservableGauge("shimstackd.exits.owed", () => Volatile.Read(ref _owed), description: "Exits that no subscriber has seen");
        _meter.CreateObservableGauge("shimstackd.subscribers", () => journal.Subscribers, description: "Subscribers to events");
        _meter.CreateObservableCounter("shimstackd.shim.starts", () => shims.Count, description: "Start actions of shims that have ended");
        _meter.CreateObservableCounter("shimstackd.shim.start.time", () => shims.Time.TotalSeconds, "s", "How long they took together");
        _meter.CreateObservableGauge("shimstackd.recovery.time", () => recovery.Duration.TotalSeconds, "s", "Until the fate of each task that was found at the start was known");
        Calls = _meter.CreateCounter<long>("shimstackd.calls", description: "gRPC calls that have ended, by method and code");
    }

    public Counter<long> Calls { get; }

    /// <summary>Finds out what cannot be read in passing; before each page.</summary>
    public async Task RefreshAsync() => Volatile.Write(ref _owed, await _journal.ReadAsync(tables => tables.CountOwed()));

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Tasks(TaskTable tasks)
    {
        int connected = tasks.All.Count(task => task.IsConnected);
        yield return new Measurement<int>(connected, new KeyValuePair<string, object?>("shim", "connected"));
        yield return new Measurement<int>(tasks.Count - connected, new KeyValuePair<string, object?>("shim", "awaited"));
    }
}
