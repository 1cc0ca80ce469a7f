namespace ShimStack.Bench.Measuring;

/// <summary>What is computed at the end: shim less runtime, shim to bare FIFO, by the median of the other side in the same run.</summary>
internal static class Derived
{
    private static readonly (Metric Whole, Metric Alone, Metric Added)[] Differences =
    [
        (Metric.Create, Metric.RuntimeCreate, Metric.CreateAdded),
        (Metric.ExecStart, Metric.RuntimeExec, Metric.ExecStartAdded),
        (Metric.NewRun, Metric.RuntimeNewRun, Metric.NewRunAdded),
        (Metric.OldRun, Metric.RuntimeOldRun, Metric.OldRunAdded),
    ];

    /// <summary>Adds to the samples of every shim what follows from them and from those without a shim.</summary>
    internal static void Add(IEnumerable<Samples> shims, Samples alone)
    {
        foreach (Samples shim in shims)
        {
            foreach ((Metric whole, Metric without, Metric added) in Differences)
            {
                AddEach(shim, whole, alone.Median(without), added, (value, less) => value - less);
            }

            AddEach(shim, Metric.Throughput, alone.Median(Metric.BareFifo), Metric.ThroughputShare, (value, bare) => value / bare);
        }
    }

    private static void AddEach(Samples shim, Metric from, double? other, Metric to, Func<double, double, double> compute)
    {
        if (other is { } without)
        {
            foreach (double value in shim.Of(from))
            {
                shim.Add(to, compute(value, without));
            }
        }
    }
}
