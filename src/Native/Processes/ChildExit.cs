namespace ShimStack.Native.Processes;

/// <summary>
/// A child has ended: <paramref name="Status"/> is its exit code, or 128 + <paramref name="Signal"/>, the signal that ended it (0 for none).
/// </summary>
public readonly record struct ChildExit(int Pid, int Status, int Signal = 0);
