using Grpc.Core;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Steps;

/// <summary>A call of the drill, and the runtime's command that it leads to.</summary>
internal enum RuntimeCall
{
    Create,
    Start,
    Exec,
    Kill,
    Delete,
}

/// <summary>A call is made whose runtime hangs, and goes on hanging: what follows is done meanwhile.</summary>
internal sealed record HangRuntime(RuntimeCall Call, WorkOrder Order, string Container) : IStep
{
    private static readonly TimeSpan MeetLimit = TimeSpan.FromSeconds(20);

    /// <summary>The command of the runtime, where the call leads to more than one.</summary>
    public RuntimeCall Command { get; init; } = Call;

    public string Text => $"{Call} of {Order.Name}, whose runtime hangs{RuntimeCalls.In(Call, Command)}";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        FaultyRuntime runtime = new(stage.Target.Places);
        runtime.Arm(RuntimeCalls.CommandOf(Command), hangs: true);
        using FileWatch met = new(stage.Loop, stage.Target.Places.Folder, runtime.Met, exists: true);
        stage.Pending[Order.Name] = RuntimeCalls.MakeAsync(Call, stage, Order, Container);
        if (await Task.WhenAny(met.Seen, stage.Pending[Order.Name]).WaitAsync(MeetLimit, stop) != met.Seen)
        {
            runtime.Disarm();
            await stage.Pending[Order.Name];
            stage.Record.Note(EntryKind.Done, Order.Name, "it did not need the runtime");
        }
    }
}

/// <summary>The runtime that hangs goes on, and the call with it.</summary>
internal sealed record LetRuntimeGo(string Name) : IStep
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public string Text => $"let the runtime of {Name} go on, until the call is answered";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        new FaultyRuntime(stage.Target.Places).LetGo();
        try
        {
            await stage.Pending[Name].WaitAsync(AnswerLimit, stop);
        }
        catch (Exception e) when (e is RpcException or TimeoutException)
        {
            string reason = e is RpcException call ? call.Status.Detail : "no answer";
            stage.Record.Change(() => stage.Fleet.Subject(Name).Stuck = $"its runtime hung and went on, and the call is not done: {reason}");
        }
    }
}

/// <summary>A call is made whose runtime dies: it ends with a reason, and nothing has happened.</summary>
internal sealed record KillRuntime(RuntimeCall Call, WorkOrder Order, string Container) : IStep
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    /// <summary>The command of the runtime, where the call leads to more than one.</summary>
    public RuntimeCall Command { get; init; } = Call;

    public string Text => $"{Call} of {Order.Name}, whose runtime dies{RuntimeCalls.In(Call, Command)}";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        FaultyRuntime runtime = new(stage.Target.Places);
        runtime.Arm(RuntimeCalls.CommandOf(Command), hangs: false);
        try
        {
            await RuntimeCalls.MakeAsync(Call, stage, Order, Container).WaitAsync(AnswerLimit, stop);
            runtime.Disarm();
            stage.Record.Note(EntryKind.Done, Order.Name, $"{Call} is done all the same");
        }
        catch (RpcException e) when (e.Status.Detail.Length > 0)
        {
            // As it should.
        }
        catch (Exception e) when (e is RpcException or TimeoutException)
        {
            string what = e is RpcException ? "it is refused without a reason" : "it has no answer";
            stage.Record.Change(() => stage.Fleet.Subject(Order.Name).Stuck = $"{Call}, its runtime died: {what}");
        }
    }
}

/// <summary>Makes such a call.</summary>
internal static class RuntimeCalls
{
    /// <summary>What is to be said of a command that is not the call's own.</summary>
    public static string In(RuntimeCall call, RuntimeCall command) => call == command ? "" : $" in {CommandOf(command)}";

    public static string CommandOf(RuntimeCall call) => call.ToString().ToLowerInvariant();

    public static async Task MakeAsync(RuntimeCall call, DrillStage stage, WorkOrder order, string container)
    {
        switch (call)
        {
            case RuntimeCall.Create:
                LiveProcess made = stage.Fleet.Join(order, container);
                await stage.Calls.RegisterAsync(made.Subject);
                await stage.Calls.CreateAsync(made);
                break;
            case RuntimeCall.Exec:
                await stage.Fleet.RunAsync(order, container);
                break;
            case RuntimeCall.Start:
                await stage.Fleet.StartAsync(stage.Fleet[order.Name]);
                break;
            case RuntimeCall.Kill:
                await stage.Fleet.EndAsync(stage.Fleet[order.Name], Signal.SIGTERM);
                break;
            default:
                await stage.Calls.DeleteAsync(stage.Fleet.Subject(order.Name));
                break;
        }
    }
}
