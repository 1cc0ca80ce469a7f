using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Load;

/// <summary>What a shim holds of the machine.</summary>
internal sealed record ShimFootprint(int Descriptors, int Threads, int Children, int RssAnonKilobytes)
{
    public static ShimFootprint Of(int pid) => new(
        ProcessTable.OpenDescriptors(pid),
        ProcessTable.StatusNumber(pid, "Threads"),
        ProcessTable.Descendants(pid).Count,
        ProcessTable.StatusNumber(pid, "RssAnon"));

    /// <summary>As soon as two looks, a moment apart, show the same descriptors and children: what was asked of it is done.</summary>
    public static async Task<ShimFootprint> AtRestAsync(int pid)
    {
        ShimFootprint last = Of(pid);
        await Until.IsTrueAsync(() => (last.Descriptors, last.Children) == ((last = Of(pid)).Descriptors, last.Children), TimeSpan.FromSeconds(5));
        return last;
    }
}
