using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>The steps with the daemon.</summary>
internal sealed class DaemonSteps(World world)
{
    public Task KillAsync(int signal = WalkLimits.SIGKILL)
    {
        world.Outages++;
        return signal == WalkLimits.SIGKILL ? world.Stage.Daemon.KillAsync() : world.Stage.Daemon.StopAsync();
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

    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    /// <summary>The daemon dies while a runtime creates; the next one has to make something of it.</summary>
    public async Task KillInCreateAsync(Step step)
    {
        using HalfCreation half = await HalfCreation.BeginAsync(world.Stage, WalkModel.IdOf(step.Process), WalkLimits.RuntimeSteps[step.Number]);
        await KillAsync();
        half.LetGo();
        await StartAsync();
        await half.EndAsync();
    }

    public Task FreezeAsync()
    {
        world.Outages++;
        return SignalAsync("STOP");
    }

    public Task ThawAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal) => (await Command.RunAsync("kill", [$"-{signal}", $"{world.Stage.Daemon.Pid}"])).MustSucceed();
}
