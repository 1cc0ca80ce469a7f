namespace ShimStack.Native.Processes;

/// <summary>
/// A child has ended: <paramref name="Status"/> is its exit code, or 128 + <paramref name="Signal"/>, the signal that ended it (0 for none).
/// </summary>
public readonly record struct ChildExit(int Pid, int Status, int Signal = 0)
{
    /// <summary>From a status as wait(2) has it.</summary>
    public static ChildExit Of(int pid, int waitStatus)
    {
        int signal = waitStatus & 0x7f;
        return signal == 0 ? new(pid, (waitStatus >> 8) & 0xff) : new(pid, 128 + signal, signal);
    }
}
