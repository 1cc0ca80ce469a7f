namespace ShimStack.Native.Pipes;

/// <summary>The two ends of a pipe, both blocking, both closed on exec. See pipe(7).</summary>
public readonly record struct PipePair(FileDescriptor ReadEnd, FileDescriptor WriteEnd) : IDisposable
{
    /// <summary>Closes the ends that are still open. See close(2).</summary>
    public void Dispose()
    {
        ReadEnd.Dispose();
        WriteEnd.Dispose();
    }
}
