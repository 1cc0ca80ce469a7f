using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;

namespace ShimStack.Shim.Bootstrap;

/// <summary>The only child of a helper. (The server has many, and its own reaper.)</summary>
internal static class ChildProcess
{
    /// <summary>Waits for a child to end and reaps it; null if it has not ended in time.</summary>
    /// <param name="pid">The child.</param>
    /// <param name="limit">How long to wait; an interval, never a moment of the wall clock.</param>
    /// <returns>The exit code, or 128 + signal.</returns>
    public static int? WaitForExit(int pid, TimeSpan limit)
    {
        using PidDescriptor child = PidDescriptor.Open(pid);
        using Epoll epoll = Epoll.Create();
        epoll.Add(child.Descriptor, EpollEvents.EPOLLIN, 0);
        Span<EpollEvent> ready = stackalloc EpollEvent[1];
        long started = TimeProvider.System.GetTimestamp();
        TimeSpan left = limit;
        while (epoll.Wait(ready, (int)Math.Ceiling(Math.Max(left.TotalMilliseconds, 0))) == 0)
        {
            if (left <= TimeSpan.Zero)
            {
                return null;
            }
            left = limit - TimeProvider.System.GetElapsedTime(started);
        }
        return Reap(pid);
    }

    /// <summary>Collects the status of a child that has ended, and those of orphans which came to us and ended before it.</summary>
    public static int Reap(int pid)
    {
        while (ChildWait.TryNext(out ChildExit exit))
        {
            if (exit.Pid == pid)
            {
                return exit.Status;
            }
        }
        throw new SyscallException("waitid", Errno.ECHILD, $"pid {pid}");
    }

    /// <summary>Ends a child at once and reaps it. One that the kernel does not let go within a second is left to its fate.</summary>
    /// <param name="pid">The child.</param>
    public static void Kill(int pid)
    {
        ProcessSignals.Send(pid, (int)Signal.SIGKILL);
        WaitForExit(pid, TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// Lets time pass. A helper has no loop whose timers it could use; its only thread waits in the kernel. See epoll_wait(2).
    /// </summary>
    public static void Pause(TimeSpan time)
    {
        using Epoll nothing = Epoll.Create();
        nothing.Wait(stackalloc EpollEvent[1], (int)time.TotalMilliseconds);
    }
}
