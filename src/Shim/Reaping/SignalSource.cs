using ShimStack.Native.Polling;
using ShimStack.Native.Processes;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Reaping;

/// <summary>
/// Reads the signals that were blocked before the runtime started (see early_signals.c): SIGCHLD drives the reaper, SIGTERM
/// and SIGINT ask for an orderly end, SIGUSR1 for a dump of the state into the log.
/// </summary>
internal sealed class SignalSource : IReadiness
{
    private static readonly Signal[] Handled = [Signal.SIGCHLD, Signal.SIGTERM, Signal.SIGINT, Signal.SIGUSR1];
    private readonly SignalDescriptor _signals = SignalDescriptor.Create(Handled);
    private readonly Reaper _reaper;

    public SignalSource(EventLoop loop, Reaper reaper)
    {
        _reaper = reaper;
        loop.Register(_signals.Descriptor, EpollEvents.EPOLLIN, this);
    }

    /// <summary>SIGTERM or SIGINT arrived.</summary>
    public event Action? EndRequested;

    /// <summary>SIGUSR1 arrived.</summary>
    public event Action? DumpRequested;

    public void OnReady(EpollEvents events)
    {
        bool childEnded = false;
        while (_signals.TryRead(out Signal signal))
        {
            switch (signal)
            {
                case Signal.SIGCHLD:
                    childEnded = true;
                    break;
                case Signal.SIGUSR1:
                    DumpRequested?.Invoke();
                    break;
                default:
                    EndRequested?.Invoke();
                    break;
            }
        }

        if (childEnded)
        {
            _reaper.ReapAll();
        }
    }
}
