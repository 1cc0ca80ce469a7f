using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Live;

/// <summary>How a daemon is started again that the drill has ended: as the machine starts it, never in a way of the drill's own.</summary>
internal interface IDaemonStart
{
    /// <summary>In words, for the question before the drill.</summary>
    string Text { get; }

    /// <summary>Where what it says goes; a file, or what shows it.</summary>
    string Log { get; }

    /// <summary>Starts it, unless somebody else does so already; returns when the process is there, which need not answer yet.</summary>
    /// <exception cref="DrillException">It does not come.</exception>
    Task<DaemonProcess> StartAsync(WatchLoop loop, DaemonProcess before);

    /// <summary>The drill has ended it, and that is no failure of it.</summary>
    Task EndedAsync(WatchLoop loop);
}
