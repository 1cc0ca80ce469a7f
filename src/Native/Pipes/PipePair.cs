namespace ShimStack.Native.Pipes;

/// <summary>The two ends of a pipe, both blocking, both closed on exec. See pipe(7).</summary>
public readonly record struct PipePair(FileDescriptor ReadEnd, FileDescriptor WriteEnd);
