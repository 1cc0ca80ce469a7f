using ShimStack.Drill.Steps;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>A restart, as an operator does it (SIGTERM) or as chance does it (SIGKILL).</summary>
internal sealed class RestartScenario(string name, Signal signal) : IScenario
{
    public string Name => name;

    public string Sentence => $"the daemon is ended by {signal} under containers that write and fork, and started again";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round) => [new EndDaemon(signal), new StartDaemon()];
}
