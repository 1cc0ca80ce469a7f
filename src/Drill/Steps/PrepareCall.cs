using ShimStack.Drill.Running;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Steps;

/// <summary>
/// A container is created and not started, or an exec is added and not started: as far as the call that is to be cut needs it.
/// </summary>
internal sealed record CreateOnly(WorkOrder Order, string Container) : IStep
{
    public string Text =>
        Order.Name == Container
            ? $"create {Order.Name}, without starting it"
            : $"add exec {Order.Name} to {Container}, without starting it";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        LiveProcess process = stage.Fleet.Join(Order, Container);
        if (process.Subject.IsInit)
        {
            await stage.Calls.RegisterAsync(stage.Fleet.Subject(Order.Name));
            await stage.Calls.CreateAsync(process);
        }
        else
        {
            await stage.Calls.AddExecAsync(process);
        }
    }
}
