using System.Globalization;
using ShimStack.ShimDriver.Host;

namespace ShimStack.FaultTests.Harness;

/// <summary>Takes from a process the right to open anything more, and gives it back. See prlimit(2), RLIMIT_NOFILE.</summary>
internal sealed class DescriptorLimit(RunningProcess process)
{
    /// <summary>From now on every new descriptor is refused: the limit is the lowest number that is free.</summary>
    public Task SetAsync()
    {
        string[] open = Directory.GetFileSystemEntries($"/proc/{process.Pid}/fd");
        HashSet<int> used = [.. open.Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
        return SetAsync(Enumerable.Range(0, int.MaxValue).First(number => !used.Contains(number)));
    }

    public Task LiftAsync() => SetAsync(1024);

    private async Task SetAsync(int limit)
    {
        string[] arguments = ["--pid", $"{process.Pid}", $"--nofile={limit}:"];
        (await new Command("/usr/bin/prlimit", arguments).RunAsync()).EnsureSuccess("prlimit");
    }
}
