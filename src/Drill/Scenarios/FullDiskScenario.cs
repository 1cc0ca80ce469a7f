using ShimStack.Drill.Steps;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>Nothing can be written any more: what runs goes on, what ends is told, and once there is room again everything works.</summary>
internal sealed class FullDiskScenario : IScenario
{
    public string Name => "full-disk";

    public string Sentence =>
        "the file system of the daemon's state is full, while one container ends, one is asked to, and one is created; then there is room again";

    public Need Need => Need.SmallDisk;

    public string NotLive => "it fills the file system of the daemon's state, which others need";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder ends = names.Next("ends", TimeSpan.FromMilliseconds(600));
        WorkOrder asked = names.Next("asked");
        WorkOrder late = names.Next("late");
        return
        [
            new RunContainer(ends), new RunContainer(asked), new RegisterOnly(late), new FillDisk(), new AwaitEnd(ends.Name),
            new SignalProcess(asked.Name, Signal.SIGTERM), new AwaitEnd(asked.Name), new TryCreate(late.Name), new FreeDisk(),
            new Remove(ends.Name), new Remove(asked.Name), new Complete(late.Name), new EndProcess(late.Name, Signal.SIGTERM),
            new AwaitEnd(late.Name), new Remove(late.Name),
        ];
    }
}
