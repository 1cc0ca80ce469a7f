using System.Threading.Tasks.Sources;

namespace ShimStack.Shim.Loop;

/// <summary>A place for one waiter, used again and again without allocation.</summary>
internal sealed class LoopWaiter : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private bool _waiting;

    public ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (_waiting)
        {
            throw new InvalidOperationException("this descriptor already has a waiter");
        }

        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellation);
        }

        _core.Reset();
        _waiting = true;
        _cancellation = cancellation;
        _registration = cancellation.UnsafeRegister(static self => ((LoopWaiter)self!).Cancel(), this);
        return new ValueTask(this, _core.Version);
    }

    public void Wake()
    {
        if (TryEndWait())
        {
            _core.SetResult(true);
        }
    }

    public void GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        CancellationToken cancellation = _cancellation;
        if (TryEndWait())
        {
            _core.SetException(new OperationCanceledException(cancellation));
        }
    }

    private bool TryEndWait()
    {
        if (!_waiting)
        {
            return false;
        }

        _waiting = false;
        _registration.Dispose();
        _registration = default;
        _cancellation = default;
        return true;
    }
}
