using Grpc.Core;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Steps;

/// <summary>Nothing more can be written where daemon and shims keep their state.</summary>
internal sealed record FillDisk : IStep
{
    public string Text => "fill the file system of the daemon's state";

    public Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        new SmallDisk(stage.Target.Places).Fill();
        stage.Record.Note(EntryKind.Done, "daemon", "the disk is full", now =>
            stage.Record.FullDisks.Add(new Gap(now.Nanoseconds, long.MaxValue)));
        return Task.CompletedTask;
    }
}

/// <summary>There is room again.</summary>
internal sealed record FreeDisk : IStep
{
    public string Text => "free it again";

    public Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        new SmallDisk(stage.Target.Places).Free();
        stage.Record.Note(EntryKind.Done, "daemon", "the disk has room", now =>
            stage.Record.FullDisks[^1] = stage.Record.FullDisks[^1] with { To = now.Nanoseconds });
        return Task.CompletedTask;
    }
}

/// <summary>A container's record is made, and nothing else.</summary>
internal sealed record RegisterOnly(WorkOrder Order) : IStep
{
    public string Text => $"register {Order.Name}";

    public Task RunAsync(DrillStage stage, CancellationToken stop) =>
        stage.Calls.RegisterAsync(stage.Fleet.Join(Order, Order.Name).Subject);
}

/// <summary>A create that may be refused, with a reason; what must come of it is asked by the steps that follow.</summary>
internal sealed record TryCreate(string Name) : IStep
{
    public string Text => $"create {Name}, which may be refused";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        try
        {
            await stage.Calls.CreateAsync(stage.Fleet[Name]);
        }
        catch (RpcException e) when (e.Status.Detail.Length > 0)
        {
            // It is on record.
        }
    }
}
