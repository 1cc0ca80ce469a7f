using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>All of it, in an order of chance: the seed and the number of a round make its steps, never timing.</summary>
internal sealed class StormScenario : IScenario
{
    private const int Squalls = 6;
    private const int Kinds = 8;
    private const int Stride = 7919;
    private const int LongestMilliseconds = 300;

    // Those of execs last: dockerd has none that could be taken up.
    private static readonly Call[] Calls = [Call.Create, Call.Start, Call.Delete, Call.Exec, Call.ExecStart];
    private const int CallsOfDocker = 3;

    public string Name => "storm";

    public string Sentence => "everything at once, by a seed: the same seed makes the same plan";

    // CA5394: a plan must come out the same again; no secret hangs on it.
#pragma warning disable CA5394
    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        Random random = new(unchecked((settings.Seed * Stride) + round));
        RoundNames names = new(round);
        List<IStep> steps = [];
        List<WorkOrder> guests = [];
        for (int squall = 0; squall < Squalls; squall++)
        {
            steps.AddRange(Squall(random, names, guests, settings));
        }

        foreach (WorkOrder guest in guests)
        {
            steps.AddRange([new EndProcess(guest.Name, random.Next(2) == 0 ? Signal.SIGTERM : Signal.SIGKILL), new AwaitEnd(guest.Name),
                new Remove(guest.Name)]);
        }

        return steps;
    }

    private static IEnumerable<IStep> Squall(Random random, RoundNames names, List<WorkOrder> guests, PlanSettings settings)
    {
        string host = WorkFleet.Name(settings, random.Next(settings.Containers));
        TimeSpan some = TimeSpan.FromMilliseconds(random.Next(LongestMilliseconds));
        int kind = random.Next(Kinds);
        if (kind <= 1)
        {
            WorkOrder guest = names.Next(kind == 0 ? "run" : "exec", random.Next(2) == 0 ? some + TimeSpan.FromMilliseconds(1) : null);
            guests.Add(guest);
            return [kind == 0 ? new RunContainer(guest) : new RunExec(host, guest), new EndDaemon(Signal.SIGKILL), new StartDaemon()];
        }

        WorkOrder cut = names.Next("cut");
        return kind switch
        {
            2 => [new EndDaemon(Signal.SIGTERM), new Hold(some), new StartDaemon()],
            3 => [new FreezeDaemon(), new Hold(some), new ThawDaemon()],
            4 => [new PauseContainer(host), new EndDaemon(Signal.SIGKILL), new Hold(some), new StartDaemon(), new ResumeContainer(host)],
            5 => Unseen(cut),
            _ => Cut(random, cut, host, settings.Target),
        };
    }

    private static IStep[] Unseen(WorkOrder order) =>
    [
        new RunContainer(order), new EndDaemon(Signal.SIGKILL), new SignalProcess(order.Name, Signal.SIGKILL), new AwaitEnd(order.Name),
        new StartDaemon(),
        new Remove(order.Name),
    ];

    private static IEnumerable<IStep> Cut(Random random, WorkOrder order, string host, string target)
    {
        Call call = Calls[random.Next(target == TargetNames.Docker ? CallsOfDocker : Calls.Length)];
        IReadOnlyList<Sight> sights = CallMoments.Of(call, target);
        return CutScenario.Cut(call, sights[random.Next(sights.Count)], order, host);
    }
#pragma warning restore CA5394
}
