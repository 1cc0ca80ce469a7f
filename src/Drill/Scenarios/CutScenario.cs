using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>One call, cut at each of its moments; then it is taken up again, as a client does.</summary>
internal sealed class CutScenario(string name, Call call) : IScenario
{
    public string Name => name;

    // An exec is nobody's after the death of dockerd: there is nothing to take up.
    public IReadOnlyList<string> Targets =>
        call is Call.Exec or Call.ExecStart ? [.. TargetNames.All.Where(static name => name != TargetNames.Docker)] : TargetNames.All;

    public string Sentence =>
        $"the daemon is killed at each step of {call}: when {string.Join(", ", CallMoments.Of(call, TargetNames.Shimstack).Select(static sight => sight.Text))}";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        return [.. CallMoments.Of(call, settings.Target).SelectMany(sight => Cut(call, sight, names.Next("cut"), WorkFleet.Name(settings, round)))];
    }

    /// <summary>One cut, with what it needs before and after.</summary>
    /// <param name="call">Which call.</param>
    /// <param name="sight">When.</param>
    /// <param name="order">Whose.</param>
    /// <param name="host">The container in which execs are.</param>
    public static IEnumerable<IStep> Cut(Call call, Sight sight, WorkOrder order, string host)
    {
        string container = call is Call.Exec or Call.ExecStart ? host : order.Name;
        IStep[] before = call switch
        {
            Call.Create or Call.Exec => [],
            Call.Delete => [new RunContainer(order), new EndProcess(order.Name, Signal.SIGTERM), new AwaitEnd(order.Name)],
            _ => [new CreateOnly(order, container)],
        };
        IStep[] after = call == Call.Delete
            ? [new Remove(order.Name)]
            : [new Complete(order.Name), new EndProcess(order.Name, Signal.SIGTERM), new AwaitEnd(order.Name), new Remove(order.Name)];
        return [.. before, new CutCall(call, sight, order, container), new StartDaemon(), .. after];
    }
}
