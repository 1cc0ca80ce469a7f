using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Reaping;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Runtime;

/// <summary>
/// A running command: ended when it has been reaped, or, after a SIGKILL that even the kernel cannot deliver, when there is no sense in
/// waiting longer. All on the loop's thread, where a child whose exit is not known is not reaped either, so its pid is still its own.
/// </summary>
internal sealed class RuntimeChild : IDisposable
{
    /// <summary>How long a command that was killed is waited for: one that sleeps in the kernel does not die.</summary>
    private static readonly TimeSpan DeathLimit = TimeSpan.FromSeconds(5);

    private readonly int _pid;
    private readonly Task<ReapedExit> _exit;
    private readonly RuntimeCommand _command;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _cancel;
    private readonly TaskCompletionSource _ended = new();
    private ITimer? _timer;
    private bool _isOverdue;

    public RuntimeChild(int pid, Task<ReapedExit> exit, RuntimeCommand command, TimeProvider time, CancellationToken cancellation)
    {
        (_pid, _exit, _command, _time) = (pid, exit, command, time);
        if (command.Limit > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(static self => ((RuntimeChild)self!).Expire(), this, command.Limit, Timeout.InfiniteTimeSpan);
        }

        _cancel = cancellation.UnsafeRegister(static self => ((RuntimeChild)self!).Kill(), this);
        _ = FollowAsync();
    }

    /// <summary>Ends when there is nothing more to wait for.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How it ended, in words for reports.</summary>
    public string Outcome => _isOverdue ? "killed, its time was over"
        : _exit.IsCompletedSuccessfully ? $"exit status {_exit.Result.Status}"
        : "killed, and does not die";

    /// <summary>Its exit code, or 128 + signal.</summary>
    /// <exception cref="RpcException">DeadlineExceeded: it was killed because its time was over.</exception>
    /// <exception cref="OperationCanceledException">Its caller has gone.</exception>
    public int Status(CancellationToken cancellation)
    {
        if (_isOverdue)
        {
            throw new RpcException(RpcCode.DeadlineExceeded, _command.Overdue);
        }

        cancellation.ThrowIfCancellationRequested();
        return _exit.Result.Status;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _cancel.Dispose();
    }

    private async Task FollowAsync()
    {
        await _exit;
        _ended.TrySetResult();
    }

    private void Expire()
    {
        _isOverdue = true;
        Kill();
    }

    // With everything that it has started: a hook, a helper of criu.
    private void Kill()
    {
        if (_exit.IsCompleted)
        {
            return;
        }

        try
        {
            ProcessSignals.Send(-_pid, (int)Signal.SIGKILL);
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            // It has ended, and is reaped next.
        }

        _timer?.Dispose();
        _timer = _time.CreateTimer(
            static self => ((RuntimeChild)self!)._ended.TrySetResult(), this, DeathLimit, Timeout.InfiniteTimeSpan);
    }
}
