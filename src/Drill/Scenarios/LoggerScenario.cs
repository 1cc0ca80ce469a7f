using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>Output that goes through a program (binary://): all of it arrives over restarts, and when the program dies the container goes on.</summary>
internal sealed class LoggerScenario : IScenario
{
    public string Name => "logger";

    public string Sentence => "the output of containers goes through loggers (binary://); the daemon is killed, and then one logger";

    public IReadOnlyList<string> Targets => [TargetNames.Shimstack, TargetNames.Containerd, TargetNames.Shim];

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        WorkOrder whole = names.Next("whole") with { LogsToFile = true, HasLogger = true };
        WorkOrder loses = names.Next("loses") with { LogsToFile = true, HasLogger = true };
        return
        [
            new RunContainer(whole), new RunContainer(loses), new EndDaemon(Signal.SIGKILL), new StartDaemon(), new KillLogger(loses.Name),
            new Hold(TimeSpan.FromMilliseconds(500)), new EndDaemon(Signal.SIGKILL), new StartDaemon(),
            .. ((WorkOrder[])[whole, loses]).SelectMany(static one =>
                (IStep[])[new EndProcess(one.Name, Signal.SIGTERM), new AwaitEnd(one.Name), new Remove(one.Name)]),
        ];
    }
}
