using ShimStack.Drill.Steps;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>Everything that containers do, at the moment of the kill.</summary>
internal sealed class BusyScenario : IScenario
{
    public string Name => "busy";

    public string Sentence => "the daemon is killed while containers write, fork, end, are exec'ed into and are paused";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder ends = names.Next("ends", TimeSpan.FromMilliseconds(400));
        WorkOrder exec = names.Next("exec", TimeSpan.FromMilliseconds(300));
        WorkOrder longer = names.Next("exec");
        WorkOrder paused = names.Next("paused");
        string host = WorkFleet.Name(settings, round);
        return
        [
            new RunContainer(paused), new PauseContainer(paused.Name), new RunExec(host, longer), new RunExec(host, exec),
            new EndDaemon(Signal.SIGKILL), new AwaitEnd(exec.Name), new StartDaemon(),
            new EndProcess(longer.Name, Signal.SIGTERM), new AwaitEnd(longer.Name), new Remove(exec.Name), new Remove(longer.Name),
            new RunContainer(ends), new EndDaemon(Signal.SIGKILL), new StartDaemon(), new AwaitEnd(ends.Name), new Remove(ends.Name),
            new ResumeContainer(paused.Name), new EndProcess(paused.Name, Signal.SIGTERM), new AwaitEnd(paused.Name),
            new Remove(paused.Name),
        ];
    }
}
