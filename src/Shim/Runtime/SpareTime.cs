namespace ShimStack.Shim.Runtime;

/// <summary>
/// What is done while the runtime works and the shim waits for it. The collector would come by itself when a call allocates the last of its
/// budget (Shim.csproj), which for the first Create of a shim is a millisecond that a daemon waits for.
/// </summary>
internal sealed class SpareTime
{
    // Half of the budget: what a call allocates before the next chance is far less than the other half.
    private const int WorthCollecting = 128 * 1024;

    private long _collected;

    /// <summary>The runtime has just been started.</summary>
    public void Use()
    {
        if (GC.GetAllocatedBytesForCurrentThread() - _collected >= WorthCollecting)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            _collected = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
