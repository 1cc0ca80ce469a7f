using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>dockerd stands on a containerd, which dies alone, and then both.</summary>
internal sealed class GroundScenario : IScenario
{
    public string Name => "ground";

    public string Sentence =>
        "the containerd below dockerd is killed, alone and with dockerd, while one container ends by itself and another is killed (docker alone)";

    public IReadOnlyList<string> Targets => [TargetNames.Docker];

    public string NotLive => "it kills the containerd below as well, which nobody was asked about";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        return
        [
            .. Outage(names.Next("alone", TimeSpan.FromMilliseconds(800)), names.Next("killed"), [new EndGround(Signal.SIGKILL)]),
            .. Outage(names.Next("both", TimeSpan.FromMilliseconds(800)), names.Next("killed"),
                [new EndGround(Signal.SIGKILL), new EndDaemon(Signal.SIGKILL)]),
        ];
    }

    private static IStep[] Outage(WorkOrder ends, WorkOrder killed, IStep[] deaths) =>
    [
        new RunContainer(ends), new RunContainer(killed), .. deaths, new SignalProcess(killed.Name, Signal.SIGKILL),
        new AwaitEnd(ends.Name), new AwaitEnd(killed.Name), new StartDaemon(), new Remove(ends.Name), new Remove(killed.Name),
    ];
}
