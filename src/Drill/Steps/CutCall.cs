using Grpc.Core;
using ShimStack.Drill.Running;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Steps;

/// <summary>A call during which the daemon is killed.</summary>
internal enum Call
{
    Create,
    Start,
    Exec,
    ExecStart,
    Delete,
}

/// <summary>A call is made, and the daemon gets SIGKILL at a moment of it: when something becomes visible, never after a time.</summary>
/// <param name="Call">Which one.</param>
/// <param name="Moment">What must be seen.</param>
/// <param name="Order">The process that it is about; the one of Start, ExecStart and Delete is there already.</param>
/// <param name="Container">Whose exec it is; else its own name.</param>
internal sealed record CutCall(Call Call, Sight Moment, WorkOrder Order, string Container) : IStep
{
    private static readonly TimeSpan SightLimit = TimeSpan.FromSeconds(5);

    public string Text => $"{Call} of {Order.Name}, SIGKILL to the daemon when {Moment.Text}";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        if (Call is Call.Create or Call.Exec)
        {
            stage.Fleet.Join(Order, Container);
        }

        if (Call == Call.Create)
        {
            await stage.Calls.RegisterAsync(stage.Fleet.Subject(Order.Name));
        }

        LiveProcess process = stage.Fleet[Order.Name];
        using SightWatch watch = SightWatch.Start(stage.Loop, stage.Target.Places, stage.Record, Moment, Order.Name,
            stage.Fleet.Subject(Container).Id);
        Task call = MakeAsync(stage, process);
        await Task.WhenAny(watch.Seen, call);
        // Some things are seen only after the answer, and some by none that looks from outside.
        bool isSeen = Moment.Kind is SightKind.Answer or SightKind.Sent || await IsSeenAsync(watch.Seen);
        await stage.Daemon.EndAsync(Signal.SIGKILL);
        if (!isSeen)
        {
            stage.Record.Note(Record.EntryKind.Done, Order.Name,
                $"it was not seen that {Moment.Text}; the daemon was killed after the answer");
        }

        await EndAsync(call);
    }

    private static async Task<bool> IsSeenAsync(Task seen)
    {
        try
        {
            await seen.WaitAsync(SightLimit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Cut or answered: the record tells, and what it led to is found out by what follows.
    private static async Task EndAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (RpcException)
        {
            // It is on record.
        }
    }

    private async Task MakeAsync(DrillStage stage, LiveProcess process)
    {
        switch (Call)
        {
            case Call.Create:
                await stage.Calls.CreateAsync(process);
                break;
            case Call.Exec:
                await stage.Calls.AddExecAsync(process);
                break;
            case Call.Start or Call.ExecStart:
                await stage.Fleet.StartAsync(process);
                break;
            default:
                await stage.Calls.DeleteAsync(process.Subject);
                break;
        }
    }
}
