namespace ShimStack.Bench.Measuring;

/// <summary>Units of the reports: decimal ones, which are the stricter reading of a limit.</summary>
internal static class Bytes
{
    internal const double Kilobyte = 1_000;
    internal const double Megabyte = 1_000_000;
}
