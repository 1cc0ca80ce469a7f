namespace ShimStack.Native.Processes;

/// <summary>A child has ended: <paramref name="Status"/> is its exit code, or 128 + the signal that ended it.</summary>
public readonly record struct ChildExit(int Pid, int Status);
