namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>
/// The steps of a seed: drawn from the model alone, never from timing, so a seed that failed once does the same again. How many of them are
/// taken is a matter of time.
/// </summary>
internal static class WalkPlan
{
    public static IEnumerable<Step> Of(int seed)
    {
        // The algorithm of a seeded Random is kept from version to version.
        Random random = new(seed);
        WalkModel model = new();
        while (true)
        {
            Step step = Draw(random, model);
            model.Apply(step);
            yield return step;
        }
    }

    /// <summary>The way home from anywhere: the daemon is there, everybody reads, everything ends and is deleted.</summary>
    public static IEnumerable<Step> Home(WalkModel model)
    {
        while (model.Daemon != DaemonState.Up || model.Containers.Count > 0)
        {
            yield return HomeStep(model);
        }
    }

    private static Step Draw(Random random, WalkModel model)
    {
        List<(StepRule Rule, string[] Subjects)> possible = [];
        foreach (StepRule rule in StepRules.All)
        {
            string[] subjects = [.. rule.Subjects(model)];
            if (subjects.Length > 0)
            {
                possible.Add((rule, subjects));
            }
        }

        int place = random.Next(possible.Sum(static entry => entry.Rule.Weight));
        (StepRule drawn, string[] of) = possible.First(entry => (place -= entry.Rule.Weight) < 0);
        string subject = of[random.Next(of.Length)];
        return new Step(drawn.Kind, subject, drawn.Number(random, model, subject));
    }

    private static Step HomeStep(WalkModel model)
    {
        if (model.Daemon != DaemonState.Up)
        {
            return new Step(model.Daemon == DaemonState.Dead ? StepKind.StartDaemon : StepKind.ThawDaemon);
        }

        ContainerModel container = model.Containers.First();
        return container switch
        {
            { IsPaused: true } => new Step(StepKind.Resume, container.Init.Name),
            _ when container.Processes.FirstOrDefault(static process => process.Reader != Reader.Reads) is ProcessModel unread =>
                new Step(StepKind.ReaderReturns, unread.Name),
            { Runs: true } => new Step(StepKind.Kill, container.Init.Name, WalkLimits.SIGKILL),
            { Execs: [ProcessModel exec, ..] } => new Step(StepKind.Delete, exec.Name),
            _ => new Step(StepKind.Delete, container.Init.Name),
        };
    }
}
