using ShimStack.Drill.Steps;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>Shims are replaced by another build in place, and by the first one again, with and without a daemon.</summary>
internal sealed class UpgradeShimsScenario : IScenario
{
    public string Name => "upgrade-shims";

    public string Sentence =>
        "all shims are upgraded to another build and back, while containers write, end, are paused and exec'ed into, and while there is no daemon";

    public string NotLive => "what it tries are two builds of a shim, whatever the daemon: a private one shows the same";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder ends = names.Next("ends", TimeSpan.FromMilliseconds(300));
        WorkOrder exec = names.Next("exec");
        string paused = WorkFleet.Name(settings, round + 1);
        return
        [
            new RunExec(WorkFleet.Name(settings, round), exec), new RunContainer(ends), new UpgradeShims(1), new AwaitEnd(ends.Name),
            new Remove(ends.Name),
            new PauseContainer(paused), new UpgradeShims(0), new ResumeContainer(paused),
            new EndDaemon(Signal.SIGKILL), new UpgradeShims(1), new StartDaemon(),
            new EndProcess(exec.Name, Signal.SIGTERM), new AwaitEnd(exec.Name), new Remove(exec.Name), new UpgradeShims(0),
        ];
    }
}
