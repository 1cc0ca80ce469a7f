namespace ShimStack.Shim.Tasks;

/// <summary>
/// Lets the operations that change one process run one after the other, in the order of their arrival. What only reads does
/// not come here. All on the loop's thread, so there is nothing to lock.
/// </summary>
internal sealed class ProcessGate
{
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private bool _held;

    /// <summary>Somebody changes the process now.</summary>
    public bool IsHeld => _held;

    /// <summary>Waits for its turn; dispose the result to let the next one in.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone before its turn came.</exception>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellation)
    {
        if (!_held)
        {
            _held = true;
            return new Turn(this);
        }

        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource> place = _waiting.AddLast(turn);
        using CancellationTokenRegistration leave = cancellation.Register(() =>
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                turn.SetCanceled(cancellation);
            }
        });
        await turn.Task;
        return new Turn(this);
    }

    private void Leave()
    {
        if (_waiting.First is not LinkedListNode<TaskCompletionSource> next)
        {
            _held = false;
            return;
        }

        // The gate stays held: it goes from one to the next.
        _waiting.RemoveFirst();
        next.Value.SetResult();
    }

    /// <summary>The right to change the process.</summary>
    internal readonly struct Turn(ProcessGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
