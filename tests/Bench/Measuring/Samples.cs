using System.Diagnostics;

namespace ShimStack.Bench.Measuring;

/// <summary>All values measured for one contender, by metric, in the order of measuring.</summary>
internal sealed class Samples(string contender, Role role = Role.Other)
{
    private readonly Dictionary<Metric, List<double>> _values = [];

    internal string Contender { get; } = contender;

    internal Role Role => role;

    internal IReadOnlyCollection<Metric> Metrics => _values.Keys;

    /// <summary>The values of a metric; empty if it was not measured.</summary>
    internal IReadOnlyList<double> Of(Metric metric) => _values.TryGetValue(metric, out List<double>? values) ? values : [];

    internal void Add(Metric metric, double value)
    {
        if (!_values.TryGetValue(metric, out List<double>? values))
        {
            _values[metric] = values = [];
        }

        values.Add(value);
    }

    /// <summary>The median of a metric; null if it was not measured.</summary>
    internal double? Median(Metric metric) => Of(metric) is { Count: > 0 } values ? Statistics.Median(values) : null;

    /// <summary>Adds a time in milliseconds.</summary>
    internal void Add(Metric metric, TimeSpan time) => Add(metric, time.TotalMilliseconds);

    /// <summary>Adds how long the action took, if it succeeded, and returns it.</summary>
    internal async Task<TimeSpan> TimeAsync(Metric metric, Func<Task> action)
    {
        long started = Stopwatch.GetTimestamp();
        await action();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        Add(metric, elapsed);
        return elapsed;
    }
}
