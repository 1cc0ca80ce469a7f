namespace ShimStack.Native.Polling;

/// <summary>An alarm that makes a poll return, finer than a poll's own time-out of milliseconds. See timerfd_create(2).</summary>
public sealed unsafe class TimerDescriptor : IDisposable
{
    private TimerDescriptor(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>Becomes readable when the time is over. Watched for edges it need not be read: each alarm is one. Non-blocking.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>An alarm that is not set. See timerfd_create(2).</summary>
    public static TimerDescriptor Create() => new(FileDescriptor.Take(Syscall.Check(
        LinuxCalls.timerfd_create(LinuxCalls.CLOCK_MONOTONIC, LinuxCalls.NONBLOCK_CLOEXEC))));

    /// <summary>Sets it off once, so long from now. Does not allocate. See timerfd_settime(2).</summary>
    public void Set(TimeSpan delay)
    {
        (long seconds, long ticks) = Math.DivRem(delay.Ticks, TimeSpan.TicksPerSecond);
        long* setting = stackalloc long[] { 0, 0, seconds, ticks * TimeSpan.NanosecondsPerTick }; // struct itimerspec: no period; the time
        Syscall.Check(LinuxCalls.timerfd_settime(Descriptor, 0, setting, null));
    }

    public void Dispose() => Descriptor.Dispose();
}
