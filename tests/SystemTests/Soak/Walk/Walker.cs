using ShimStack.SystemTests.Soak.Checks;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>Takes the steps of a plan, in the model and in the world, and looks after each whether the two agree.</summary>
internal sealed class Walker(World world)
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(120);

    private readonly ProcessSteps _processes = new(world);
    private readonly DaemonSteps _daemon = new(world);
    private readonly ExecBursts _bursts = new(world);
    private readonly Invariants _invariants = new(world);

    public async Task TakeAsync(Step step)
    {
        world.StepStarted = DateTimeOffset.UtcNow;
        // What is deleted is named while the model still has it.
        ProcessModel? subject = world.Model.Processes.FirstOrDefault(process => process.Name == step.Process);
        if (step.Kind == StepKind.Delete)
        {
            await _processes.DeleteAsync(subject!).WaitAsync(StepLimit);
            world.Model.Apply(step);
        }
        else
        {
            world.Model.Apply(step);
            await TakeAsync(step, subject!).WaitAsync(StepLimit);
        }

        await _invariants.HoldAsync();
    }

    private Task TakeAsync(Step step, ProcessModel subject) => step.Kind switch
    {
        StepKind.Create => _processes.CreateAsync(step),
        StepKind.CreateWithDyingRuntime => _processes.CreateWithDyingRuntimeAsync(step),
        StepKind.CreateWithDyingDaemon => _daemon.KillInCreateAsync(step),
        StepKind.Start => _processes.StartAsync(subject),
        StepKind.AddExec => _processes.AddExecAsync(step),
        StepKind.Write => Tell(subject, 'w', step.Number),
        StepKind.Exit => Tell(subject, 'e', step.Number),
        StepKind.Kill => _processes.KillAsync(subject, step.Number),
        StepKind.KillFromOutside => _processes.KillFromOutsideAsync(subject),
        StepKind.Pause => _processes.PauseAsync(subject),
        StepKind.Resume => world.Live(subject).Container.ResumeAsync(),
        StepKind.ReaderLeaves or StepKind.ReaderStops or StepKind.ReaderSlows or StepKind.ReaderReturns => TurnReaderAsync(subject),
        StepKind.ExecBurst => _bursts.RunAsync(subject, step.Number, static () => Task.CompletedTask),
        StepKind.ExecBurstWithDyingDaemon => _bursts.RunAsync(subject, step.Number, _daemon.RestartAsync),
        StepKind.WrongCall => WrongCalls.AreRefusedAsync(subject, world.Live(subject).Container),
        StepKind.KillDaemon => _daemon.KillAsync(step.Number),
        StepKind.StartDaemon => _daemon.StartAsync(),
        StepKind.FreezeDaemon => _daemon.FreezeAsync(),
        StepKind.ThawDaemon => _daemon.ThawAsync(),
        StepKind.Pass => Task.Delay(step.Number),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    private Task TurnReaderAsync(ProcessModel process)
    {
        LiveProcess live = world.Live(process);
        live.WasReadAfterItsEnd = live.Ended is not null && live.Output.Position >= live.Worker.Written;
        return live.Output.TurnAsync(process.Reader);
    }

    private Task Tell(ProcessModel process, char order, int number)
    {
        world.Live(process).Worker.Tell(order, number);
        return Task.CompletedTask;
    }
}
