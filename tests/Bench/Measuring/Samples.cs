using System.Diagnostics;

namespace ShimStack.Bench.Measuring;

/// <summary>All values measured for one contender, by metric, in the order of measuring.</summary>
internal sealed class Samples(string contender)
{
    private readonly Dictionary<Metric, List<double>> _values = [];

    internal string Contender { get; } = contender;

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

    /// <summary>Adds a time in milliseconds.</summary>
    internal void Add(Metric metric, TimeSpan time) => Add(metric, time.TotalMilliseconds);

    /// <summary>Adds how long the action took, if it succeeded.</summary>
    internal async Task<T> TimeAsync<T>(Metric metric, Func<Task<T>> action)
    {
        long started = Stopwatch.GetTimestamp();
        T result = await action();
        Add(metric, Stopwatch.GetElapsedTime(started));
        return result;
    }
}
