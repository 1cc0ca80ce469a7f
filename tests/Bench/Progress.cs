using System.Diagnostics;
using System.Globalization;

namespace ShimStack.Bench;

/// <summary>What is being done, on standard error, with the seconds since the beginning.</summary>
internal static class Progress
{
    private static readonly long Began = Stopwatch.GetTimestamp();

    internal static Task TellAsync(string what) => Console.Error.WriteLineAsync(
        string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(Began).TotalSeconds,5:F0} s  {what}"));
}
