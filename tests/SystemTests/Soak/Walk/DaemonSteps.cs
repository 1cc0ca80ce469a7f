using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>The steps with the daemon.</summary>
internal sealed class DaemonSteps(World world)
{
    public Task KillAsync()
    {
        world.Outages++;
        return world.Stage.Daemon.KillAsync();
    }

    /// <summary>A new daemon; the clients come back, too.</summary>
    public async Task StartAsync()
    {
        await world.Stage.Daemon.StartAsync();
        await world.Events.FollowAsync(world.Stage);
        foreach (LiveProcess process in world.Processes.Where(static process => process.Pid != 0))
        {
            process.Wait.Ask();
        }
    }

    public Task FreezeAsync()
    {
        world.Outages++;
        return SignalAsync("STOP");
    }

    public Task ThawAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal) => (await Command.RunAsync("kill", [$"-{signal}", $"{world.Stage.Daemon.Pid}"])).MustSucceed();
}
