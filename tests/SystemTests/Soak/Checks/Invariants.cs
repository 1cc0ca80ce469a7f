using ShimStack.SystemTests.Soak.Plan;
using ShimStack.SystemTests.Soak.Walk;

namespace ShimStack.SystemTests.Soak.Checks;

/// <summary>What must hold after each step, whatever the steps were.</summary>
internal sealed class Invariants(World world)
{
    private readonly LivingCheck _living = new(world);
    private readonly OutputCheck _output = new(world);
    private readonly ExitCheck _exits = new(world);

    public async Task HoldAsync()
    {
        foreach (ContainerModel container in world.Model.Containers)
        {
            foreach (ProcessModel process in container.Processes)
            {
                LiveProcess live = world.Live(process);
                await _living.HoldAsync(container, process, live);
                await _exits.HoldAsync(process, live);
                await _output.HoldAsync(container, process, live);
            }
        }

        Assert.Equal(world.Shims.Values.Order(), world.Stage.Shims().Order());
    }
}
