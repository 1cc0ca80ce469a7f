namespace ShimStack.Supervisor.Upgrade;

/// <summary>Watches over a start that somebody can be gone back from. It has a thread of its own: what hangs may be anything else.</summary>
internal sealed class StartGuard
{
    private readonly TaskCompletionSource _served = new();

    /// <param name="limit">How long the start may take.</param>
    /// <param name="overdue">Called if it takes longer.</param>
    public StartGuard(TimeSpan limit, Action overdue)
    {
        Thread thread = new(() => Watch(limit, overdue), 128 * 1024) { IsBackground = true, Name = "start guard" };
        thread.Start();
    }

    /// <summary>The start is over.</summary>
    public void Served() => _served.TrySetResult();

    private void Watch(TimeSpan limit, Action overdue)
    {
        if (!_served.Task.Wait(limit))
        {
            overdue();
        }
    }
}
