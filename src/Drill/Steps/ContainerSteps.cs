using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Steps;

/// <summary>A container is created and started.</summary>
internal sealed record RunContainer(WorkOrder Order) : IStep
{
    public string Text => $"run a container, {Order.Text}";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.RunAsync(Order, Order.Name);
}

/// <summary>A process is added to a container and started.</summary>
internal sealed record RunExec(string Container, WorkOrder Order) : IStep
{
    public string Text => $"exec in {Container}, {Order.Text}";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.RunAsync(Order, Container);
}

/// <summary>A process is asked to end, or killed, by the daemon's API.</summary>
internal sealed record EndProcess(string Name, Signal Signal) : IStep
{
    public string Text => $"{Signal} to {Name}, by the API";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.EndAsync(stage.Fleet[Name], Signal);
}

/// <summary>A process is ended past the daemon, by the kernel: so it can also be done while there is none.</summary>
internal sealed record SignalProcess(string Name, Signal Signal) : IStep
{
    public string Text => $"{Signal} to {Name}, past the daemon";

    public Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        Subject subject = stage.Fleet.Subject(Name);
        stage.Fleet.Tell(subject, Signal == Signal.SIGKILL ? 128 + (int)Signal : subject.Order.Code);
        stage.Fleet[Name].Send(Signal);
        return Task.CompletedTask;
    }
}

/// <summary>Done when the kernel says that the process has ended.</summary>
internal sealed record AwaitEnd(string Name) : IStep
{
    public string Text => $"wait until {Name} has ended";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.EndedAsync(stage.Fleet.Subject(Name), stop);
}

/// <summary>A process that has ended is deleted; a container's record, too.</summary>
internal sealed record Remove(string Name) : IStep
{
    public string Text => $"delete {Name}";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.RemoveAsync(stage.Fleet[Name]);
}

/// <summary>Brings a process to run whose making was cut.</summary>
internal sealed record Complete(string Name) : IStep
{
    public string Text => $"bring {Name} to run, from wherever it stands";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.CompleteAsync(stage.Fleet[Name]);
}

/// <summary>A container is frozen.</summary>
internal sealed record PauseContainer(string Name) : IStep
{
    public string Text => $"pause {Name}";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.PauseAsync(stage.Fleet[Name]);
}

/// <summary>A container goes on.</summary>
internal sealed record ResumeContainer(string Name) : IStep
{
    public string Text => $"resume {Name}";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.ResumeAsync(stage.Fleet[Name]);
}

/// <summary>A container that has outlived its shim is asked to end, by the API; one that has not has ended.</summary>
internal sealed record EndSurvivor(string Name, Signal Signal) : IStep
{
    public string Text => $"{Signal} to {Name}, by the API, if it has outlived its shim";

    public Task RunAsync(DrillStage stage, CancellationToken stop) =>
        stage.Fleet.Subject(Name).IsOrphan ? Task.CompletedTask : stage.Fleet.EndAsync(stage.Fleet[Name], Signal);
}

/// <summary>SIGKILL for the shim of a container: what it had in hand is lost, the end of the container is not.</summary>
internal sealed record KillShim(string Name) : IStep
{
    public string Text => $"SIGKILL to the shim of {Name}";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Fleet.KillShimAsync(stage.Fleet[Name]);
}
