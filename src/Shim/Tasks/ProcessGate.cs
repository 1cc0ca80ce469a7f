namespace ShimStack.Shim.Tasks;

/// <summary>
/// Lets the operations that change one process run one after the other, in the order of their arrival. What only reads does
/// not come here. All on the loop's thread, so there is nothing to lock.
/// </summary>
internal sealed class ProcessGate
{
    private readonly LinkedList<(TaskCompletionSource Turn, string Operation)> _waiting = new();
    private long _since;

    /// <summary>Somebody changes the process now.</summary>
    public bool IsHeld => Holder is not null;

    /// <summary>The operation that changes the process now; null for none.</summary>
    public string? Holder { get; private set; }

    /// <summary>What it waits for, where it has said so.</summary>
    public string? WaitsFor { get; private set; }

    /// <summary>How long it has had its turn.</summary>
    public TimeSpan HeldFor => IsHeld ? TimeSpan.FromMilliseconds(Environment.TickCount64 - _since) : TimeSpan.Zero;

    /// <summary>The operations that wait for their turn, in its order.</summary>
    public IEnumerable<string> Waiting
    {
        get
        {
            foreach ((_, string operation) in _waiting)
            {
                yield return operation;
            }
        }
    }

    /// <summary>Waits for its turn; dispose the result to let the next one in.</summary>
    /// <param name="operation">Who that is: a method of the Task service, or what happens to the process.</param>
    /// <param name="cancellation">Fires when nobody waits for the operation any more.</param>
    /// <exception cref="OperationCanceledException">The caller has gone before its turn came.</exception>
    public async ValueTask<Turn> EnterAsync(string operation, CancellationToken cancellation)
    {
        if (!IsHeld)
        {
            Hold(operation);
            return new Turn(this);
        }

        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<(TaskCompletionSource, string)> place = _waiting.AddLast((turn, operation));
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
        if (_waiting.First is not LinkedListNode<(TaskCompletionSource Turn, string Operation)> next)
        {
            Holder = null;
            return;
        }

        // The gate stays held: it goes from one to the next.
        _waiting.RemoveFirst();
        Hold(next.Value.Operation);
        next.Value.Turn.SetResult();
    }

    private void Hold(string operation)
    {
        (Holder, WaitsFor) = (operation, null);
        _since = Environment.TickCount64;
    }

    /// <summary>The right to change the process.</summary>
    internal readonly struct Turn(ProcessGate gate) : IDisposable
    {
        /// <summary>Says what its owner waits for from now on, for whoever asks why nothing happens.</summary>
        public void WaitFor(string what) => gate.WaitsFor = what;

        public void Dispose() => gate.Leave();
    }
}
