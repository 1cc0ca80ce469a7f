using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Reaping;

/// <summary>One process that is not our child. See <see cref="Strangers"/>.</summary>
internal sealed class Stranger : IReadiness, IDisposable
{
    private readonly EventLoop _loop;
    private readonly PidDescriptor? _process;
    private readonly ulong _startTime;
    private readonly bool _tellsAll;
    private readonly ulong _tag;

    public Stranger(EventLoop loop, int pid, ulong startTime)
    {
        (_loop, Pid, _startTime) = (loop, pid, startTime);
        _process = TryOpen(pid);
        ProcessStat? stat = ProcessStat.TryRead(pid);
        if (_process is not null && (stat is not ProcessStat found || (startTime != 0 && found.StartTime != startTime)))
        {
            _process.Dispose();
            _process = null;
        }

        if (_process is not null)
        {
            _tellsAll = stat!.Value.TellsAll;
            _tag = loop.Register(_process.Descriptor, EpollEvents.EPOLLIN, this);
        }
    }

    public int Pid { get; }

    /// <summary>Called when it has ended, and when it was reaped.</summary>
    public Action? Changed { get; set; }

    /// <summary>It runs no more. See pidfd_open(2), EPOLLIN.</summary>
    public bool HasEnded => _process is null || (Poll.Now(_process.Descriptor, EpollEvents.EPOLLIN) & EpollEvents.EPOLLIN) != 0;

    /// <summary>Its pid is free, or another's by now.</summary>
    public bool IsReaped => _process is null || ProcessStat.TryRead(Pid) is not ProcessStat stat || (_startTime != 0 && stat.StartTime != _startTime);

    public void OnReady(EpollEvents events) => Changed?.Invoke();

    /// <summary>How it has ended, as wait(2) has it; null while the kernel does not say.</summary>
    public int? TryWaitStatus()
    {
        if (_process is null || !HasEnded)
        {
            return null;
        }

        return ProcessStat.TryRead(Pid) is { IsZombie: true } stat && _tellsAll && (_startTime == 0 || stat.StartTime == _startTime)
            ? stat.WaitStatus
            : _process.TryWaitStatus();
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _loop.Forget(_process.Descriptor, _tag);
            _process.Dispose();
        }
    }

    private static PidDescriptor? TryOpen(int pid)
    {
        try
        {
            return PidDescriptor.Open(pid);
        }
        catch (SyscallException e) when (e.Errno is Errno.ESRCH or Errno.EINVAL)
        {
            return null; // it has ended, and was reaped
        }
    }
}
