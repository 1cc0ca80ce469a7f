using ShimStack.Drill.Steps;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>An outage: nobody is there to be told, and later everybody is.</summary>
internal sealed class AwayScenario : IScenario
{
    public string Name => "away";

    public string Sentence =>
        "the daemon is away for a while (--away); one container ends by itself, one is killed, one and an exec are asked to end";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder ends = names.Next("ends", TimeSpan.FromMilliseconds(1500));
        WorkOrder killed = names.Next("killed");
        WorkOrder asked = names.Next("asked");
        WorkOrder exec = names.Next("exec");
        WorkOrder[] all = [ends, killed, asked, exec];
        return
        [
            new RunContainer(ends), new RunContainer(killed), new RunContainer(asked), new RunExec(WorkFleet.Name(settings, round), exec),
            new EndDaemon(Signal.SIGKILL),
            new SignalProcess(killed.Name, Signal.SIGKILL), new SignalProcess(asked.Name, Signal.SIGTERM),
            new SignalProcess(exec.Name, Signal.SIGTERM),
            .. all.Select(static order => new AwaitEnd(order.Name)),
            new Hold(settings.Away), new StartDaemon(),
            .. all.Select(static order => new Remove(order.Name)),
        ];
    }
}
