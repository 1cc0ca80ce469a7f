namespace ShimStack.FaultTests.Harness;

/// <summary>What a shim sees of a daemon's SIGKILL, and of the next daemon.</summary>
internal static class DaemonDeath
{
    /// <summary>All connections end, and nobody listens for events.</summary>
    public static async Task DaemonDiesAsync(this FaultStage stage)
    {
        await stage.Session.DisconnectAsync();
        await stage.Daemon.GoAwayAsync();
    }

    /// <summary>Somebody listens for events again, and the shim is connected to.</summary>
    public static async Task DaemonIsBackAsync(this FaultStage stage)
    {
        stage.Daemon.ComeBack();
        await stage.MustAsync("Connection", stage.Session.ConnectAsync());
    }
}
