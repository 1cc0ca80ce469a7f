using ShimStack.Drill.Steps;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>A crash, at moments that the seed chooses: once while it serves, once while it starts.</summary>
internal sealed class KillScenario : IScenario
{
    private const int LongestService = 100;
    private const int LongestStart = 150;
    private const int Stride = 7919;

    public string Name => "sigkill";

    public string Sentence =>
        "the daemon is killed while it serves and while it starts, at moments of the seed, under containers that write and fork";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        // CA5394: a plan must come out the same again; no secret hangs on it.
#pragma warning disable CA5394
        Random random = new(unchecked((settings.Seed * Stride) + round));
        TimeSpan service = TimeSpan.FromMilliseconds(random.Next(LongestService));
        TimeSpan start = TimeSpan.FromMilliseconds(random.Next(LongestStart));
#pragma warning restore CA5394
        return [new Hold(service), new EndDaemon(Signal.SIGKILL), new KillInStart(start), new StartDaemon()];
    }
}
