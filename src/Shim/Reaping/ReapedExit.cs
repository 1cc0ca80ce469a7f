namespace ShimStack.Shim.Reaping;

/// <summary>A child that was reaped.</summary>
/// <param name="Pid">Its pid, free for reuse from now on.</param>
/// <param name="Status">Its exit code, or 128 + the number of the signal that ended it.</param>
/// <param name="At">When it was reaped.</param>
/// <param name="Signal">The signal that ended it; 0 for none.</param>
internal readonly record struct ReapedExit(int Pid, int Status, DateTimeOffset At, int Signal = 0);
