using System.Runtime.InteropServices;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Streams;

/// <summary>
/// Signals that we get and that are meant for the container. Before its process runs they end what we are about to do; the third one that asks for an
/// end, since a first process ignores what it does not handle, ends us and leaves the container alone.
/// </summary>
internal sealed class SignalForwarding : IDisposable
{
    private const int Patience = 3;

    private static readonly Signal[] Forwarded = [Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGUSR1, Signal.SIGUSR2];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _interrupted = new();
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<Signal>? _target;
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

    /// <summary>From now on they go to the process.</summary>
    public void SendTo(Action<Signal> target) => Volatile.Write(ref _target, target);

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
        if (Volatile.Read(ref _target) is not Action<Signal> target)
        {
            _interrupted.Cancel();
            return;
        }

        target(signal);
        if (signal is Signal.SIGINT or Signal.SIGTERM && Interlocked.Increment(ref _requests) == Patience)
        {
            _enough.TrySetResult();
        }
    }
}
