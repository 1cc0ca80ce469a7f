using System.Runtime.InteropServices;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Streams;

/// <summary>
/// Signals that we get and that are meant for the container. Before its process is started they end what we are about to do. While it is being started,
/// it may run already: the first one is held until that is known, and the second one ends the start. Later the third one that asks for an end, since a
/// first process ignores what it does not handle, ends us and leaves the container alone.
/// </summary>
internal sealed class SignalForwarding : IDisposable
{
    private const int Patience = 3;

    private static readonly Signal[] Forwarded = [Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGUSR1, Signal.SIGUSR2];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _interrupted = new();
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Action<Signal>? _target;
    private bool _isStarting;
    private Signal? _held;
    private int _requests;

    public SignalForwarding()
    {
        foreach (Signal signal in Forwarded)
        {
            Register(signal, () => Take(signal));
        }
    }

    /// <summary>A signal came before the process ran.</summary>
    public CancellationToken Interrupted => _interrupted.Token;

    /// <summary>The user has asked often enough.</summary>
    public Task Enough => _enough.Task;

    /// <summary>The process is about to be started.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _isStarting = true;
        }
    }

    /// <summary>From now on they go to the process; the one that was held goes first.</summary>
    public void SendTo(Action<Signal> target)
    {
        Signal? held;
        lock (_gate)
        {
            (_target, held, _held) = (target, _held, null);
        }

        if (held is Signal signal)
        {
            Take(signal);
        }
    }

    /// <summary>Our terminal has another size.</summary>
    public void OnResize(Action action) => Register(Signal.SIGWINCH, action);

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _interrupted.Dispose();
    }

    private void Register(Signal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create((PosixSignal)(int)signal, context =>
    {
        context.Cancel = true;
        action();
    }));

    private void Take(Signal signal)
    {
        if (Claim(signal) is not Action<Signal> target)
        {
            return;
        }

        target(signal);
        if (signal is Signal.SIGINT or Signal.SIGTERM && Interlocked.Increment(ref _requests) == Patience)
        {
            _enough.TrySetResult();
        }
    }

    // Who gets it; null if it is held, or has ended the start.
    private Action<Signal>? Claim(Signal signal)
    {
        lock (_gate)
        {
            if (_target is null && _isStarting && _held is null)
            {
                _held = signal;
            }
            else if (_target is null)
            {
                _interrupted.Cancel();
            }

            return _target;
        }
    }
}
