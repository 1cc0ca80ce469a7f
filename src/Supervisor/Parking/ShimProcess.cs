using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Parking;

/// <summary>The process of a shim. A connection that is gone is no death, and neither is silence: only the kernel says who has ended.</summary>
internal sealed class ShimProcess : IDisposable
{
    private readonly PidDescriptor? _process;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    private ShimProcess(int pid, ulong startTime, PidDescriptor? process) => (Pid, StartTime, _process) = (pid, startTime, process);

    public int Pid { get; }

    /// <summary>In clock ticks since boot; with the pid it names the process for good.</summary>
    public ulong StartTime { get; }

    /// <summary>It has ended, or is about to: the kernel marks a process before it closes its files. See proc_pid_stat(5), flags.</summary>
    public bool IsEnding => _process is null || Stat is not { IsExiting: false, IsZombie: false };

    private ProcessStat? Stat => ProcessStat.TryRead(Pid) is ProcessStat stat && stat.StartTime == StartTime ? stat : null;

    /// <param name="pid">Its pid, now or before.</param>
    /// <param name="startTime">Tells it from a later process of that pid; 0 for whoever has it now.</param>
    public static ShimProcess Of(int pid, ulong startTime)
    {
        PidDescriptor? held = null;
        try
        {
            held = PidDescriptor.Open(pid);
            ulong begun = ProcessStat.TryRead(pid)?.StartTime ?? 0;
            if (startTime == 0 || begun == startTime)
            {
                return new ShimProcess(pid, begun, held);
            }
        }
        catch (SyscallException e) when (e.Errno is Errno.ESRCH or Errno.EINVAL)
        {
            // It has ended, and was reaped.
        }

        held?.Dispose();
        return new ShimProcess(pid, startTime, null);
    }

    /// <summary>
    /// Waits for its end: from then on its children are ours. Returns also when another process has taken its place. See pidfd_open(2).
    /// </summary>
    /// <exception cref="OperationCanceledException">Nobody wants to know any more.</exception>
    public async Task EndAsync(DescriptorLoop loop, CancellationToken cancellation = default)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong tag;
        lock (_gate)
        {
            if (_process is null || _released.Task.IsCompleted)
            {
                return;
            }

            tag = loop.Register(_process.Descriptor, () => ended.TrySetResult());
        }

        try
        {
            await Task.WhenAny(ended.Task, _released.Task).WaitAsync(cancellation);
        }
        finally
        {
            lock (_gate)
            {
                if (!_released.Task.IsCompleted)
                {
                    loop.Forget(_process.Descriptor, tag);
                }
            }
        }
    }

    /// <summary>Ends it at once; nothing happens if it has ended.</summary>
    public void Kill()
    {
        try
        {
            _process?.Send((int)Signal.SIGKILL);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            // That was what we wanted.
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _released.TrySetResult();
            _process?.Dispose();
        }
    }
}
