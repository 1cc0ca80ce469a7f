namespace ShimStack.Native.Processes;

/// <summary>The child finds what <paramref name="Source"/> is open on at the number <paramref name="Target"/>.</summary>
public readonly record struct SpawnDescriptor(FileDescriptor Source, int Target);
