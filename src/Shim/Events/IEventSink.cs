namespace ShimStack.Shim.Events;

/// <summary>Takes events to a daemon; the real one speaks ttrpc, the tests' records.</summary>
internal interface IEventSink
{
    /// <summary>The connection to the daemon has ended, which says that the daemon has, as a rule.</summary>
    event Action? Lost;

    /// <summary>Somebody has connected to us: if the daemon that an event waits for does not answer, there may be another one now.</summary>
    void Renew()
    {
    }

    /// <summary>Delivers one event; ends when the daemon has acknowledged it.</summary>
    /// <exception cref="Ttrpc.RpcException">The daemon refused it, or cannot be reached (Unavailable, DeadlineExceeded).</exception>
    Task ForwardAsync(PendingEvent pending, CancellationToken cancellation);
}
