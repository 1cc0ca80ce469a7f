using ShimStack.Drill.Steps;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>A daemon that exists and does not answer: a debugger, a full disk, a machine that swaps.</summary>
internal sealed class FreezeScenario : IScenario
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(2);

    public string Name => "freeze";

    public string Sentence => "the daemon is stopped by SIGSTOP for 2 s; one container ends by itself meanwhile, another is killed";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder ends = names.Next("ends", TimeSpan.FromMilliseconds(800));
        WorkOrder killed = names.Next("killed");
        return
        [
            new RunContainer(ends), new RunContainer(killed), new FreezeDaemon(), new SignalProcess(killed.Name, Signal.SIGKILL),
            new Hold(Frozen), new ThawDaemon(),
            new AwaitEnd(ends.Name), new AwaitEnd(killed.Name), new Remove(ends.Name), new Remove(killed.Name),
        ];
    }
}
