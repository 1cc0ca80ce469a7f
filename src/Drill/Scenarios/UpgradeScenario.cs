using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>Another build of the daemon takes the place of the running one in the same process, and the first one takes it back.</summary>
internal sealed class UpgradeScenario : IScenario
{
    public string Name => "upgrade";

    public string Sentence =>
        "the daemon is upgraded to another build and back, while containers write, end and are exec'ed into (shimstack alone)";

    public IReadOnlyList<string> Targets => [TargetNames.Shimstack];

    public string NotLive => "it puts another build in the place of the daemon: shimctl upgrade does that";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder ends = names.Next("ends", TimeSpan.FromMilliseconds(300));
        WorkOrder exec = names.Next("exec");
        return
        [
            new RunExec(WorkFleet.Name(settings, round), exec), new RunContainer(ends), new UpgradeDaemon(1), new AwaitEnd(ends.Name),
            new Remove(ends.Name),
            new UpgradeDaemon(0), new EndProcess(exec.Name, Signal.SIGTERM), new AwaitEnd(exec.Name), new Remove(exec.Name),
        ];
    }
}
