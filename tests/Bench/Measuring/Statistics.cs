namespace ShimStack.Bench.Measuring;

/// <summary>Order statistics of small samples.</summary>
internal static class Statistics
{
    /// <summary>The middle value; the mean of the two middle ones when their number is even.</summary>
    internal static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = Sorted(values);
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Nearest rank: the smallest value which at least the given share of all values does not exceed. Never interpolated.</summary>
    /// <param name="values">Not empty.</param>
    /// <param name="share">Above 0, at most 1.</param>
    internal static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        double[] sorted = Sorted(values);
        int rank = (int)Math.Ceiling(share * sorted.Length);
        return sorted[rank - 1];
    }

    private static double[] Sorted(IReadOnlyCollection<double> values) =>
        values.Count > 0 ? [.. values.Order()] : throw new ArgumentException("no values", nameof(values));
}
