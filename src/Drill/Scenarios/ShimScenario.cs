using ShimStack.Drill.Steps;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>A shim dies: its containers live on where the daemon can do that, or are ended; and everybody is told the truth of it.</summary>
internal sealed class ShimScenario : IScenario
{
    public string Name => "shim";

    public string Sentence => "the shim of a container is killed, once under a daemon and once while there is none";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder seen = names.Next("seen");
        WorkOrder unseen = names.Next("unseen");
        return
        [
            new RunContainer(seen), new KillShim(seen.Name), new EndSurvivor(seen.Name, Signal.SIGTERM), new AwaitEnd(seen.Name),
            new Remove(seen.Name),
            new RunContainer(unseen), new EndDaemon(Signal.SIGKILL), new KillShim(unseen.Name), new StartDaemon(),
            new AwaitEnd(unseen.Name), new Remove(unseen.Name),
        ];
    }
}
