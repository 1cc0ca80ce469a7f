using ShimStack.Drill.Steps;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>A restart, as an operator does it.</summary>
internal sealed class RestartScenario : IScenario
{
    public string Name => "sigterm";

    public string Sentence => "the daemon is ended by SIGTERM under containers that write and fork, and started again";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round) => [new EndDaemon(Signal.SIGTERM), new StartDaemon()];
}
