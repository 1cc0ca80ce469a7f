using ShimStack.SystemTests.Soak.Plan;
using ShimStack.SystemTests.Soak.Walk;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Soak.Checks;

/// <summary>What should live does: the same process as at its start, and the daemon says so.</summary>
internal sealed class LivingCheck(World world)
{
    public async Task HoldAsync(ContainerModel container, ProcessModel process, LiveProcess live)
    {
        if (process.Life == Life.Ended || (process.Life == Life.Created && !process.IsInit))
        {
            return;
        }

        Assert.True(live.Exists, $"{process.Name}, pid {live.Pid}, does not run any more");
        Assert.True(live.Wait.Answers.Count == 0, $"Wait for {process.Name} is answered while it runs");
        if (world.Model.Daemon == DaemonState.Up)
        {
            Wire.Tasks.Process state = await live.Container.StateAsync(process.Exec).WaitAsync(Patience.Call);
            Status status = process.Life == Life.Created ? Status.Created : container.IsPaused ? Status.Paused : Status.Running;
            Assert.Equal((process.Name, status, (uint)live.Pid), (process.Name, state.Status, state.Pid));
        }
    }
}
