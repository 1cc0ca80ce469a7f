using ShimStack.Drill.Scenarios;
using ShimStack.Drill.Steps;

namespace ShimStack.Drill.Tests.Scenarios;

public sealed class PlanTests
{
    private static readonly PlanSettings Settings = new(4, 71, TimeSpan.FromSeconds(5));

    public static TheoryData<string> Names => [.. ScenarioList.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Names))]
    public void ThePlanOfASeedIsAlwaysTheSame(string name) => Assert.Equal(Text(name, Settings, 1), Text(name, Settings, 1));

    [Theory, MemberData(nameof(Names))]
    public void EachRoundLeavesTheDaemonUpAndItsGuestsDeleted(string name)
    {
        foreach (int round in Enumerable.Range(1, 40))
        {
            IReadOnlyList<IStep> steps = Scenario(name).Round(Settings with { Target = round > 20 ? "docker" : "shimstack" }, round);
            IStep? daemon = steps.LastOrDefault(step =>
                step is UpgradeDaemon or StartDaemon or ThawDaemon or EndDaemon or EndGround or FreezeDaemon or CutCall or KillShim);
            Assert.True(daemon is null or StartDaemon or ThawDaemon or KillShim or UpgradeDaemon { Build: 0 }, daemon?.Text);
            Assert.Equal(Made(steps).Order(), steps.OfType<Remove>().Select(step => step.Name).Order());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void NamesOfDifferentRoundsDoNotMeetAndFitAWorker(string name)
    {
        IScenario scenario = Scenario(name);
        string[] names = [.. Enumerable.Range(1, 50).SelectMany(round => Made(scenario.Round(Settings, round)))];
        Assert.Distinct(names);
        Assert.All(names, one => Assert.InRange(one.Length, 1, 20));
    }

    [Fact]
    public void AnotherSeedIsAnotherStorm() => Assert.NotEqual(Text("storm", Settings, 1), Text("storm", Settings with { Seed = 72 }, 1));

    [Fact]
    public void AnotherRoundIsAnotherStorm() => Assert.NotEqual(Text("storm", Settings, 1), Text("storm", Settings, 2));

    [Fact]
    public void StormsDoEverything()
    {
        IStep[] steps = [.. Enumerable.Range(1, 100)
            .SelectMany(round => ScenarioList.Named(["storm"], "shimstack")[0].Round(Settings, round))];
        Type[] wanted = [typeof(RunContainer), typeof(RunExec), typeof(EndDaemon), typeof(FreezeDaemon), typeof(PauseContainer),
            typeof(CutCall), typeof(SignalProcess)];
        Assert.Equal([], wanted.Except(steps.Select(step => step.GetType())));
        Assert.Equal(Enum.GetValues<Call>().Order(), steps.OfType<CutCall>().Select(cut => cut.Call).Distinct().Order());
    }

    [Theory, InlineData("containerd"), InlineData("docker")]
    public void EachCallIsCutAtEachOfItsMoments(string target)
    {
        foreach (Call call in Enum.GetValues<Call>())
        {
            CutCall[] cuts = [.. new CutScenario("cut", call).Round(Settings with { Target = target }, 1).OfType<CutCall>()];
            Assert.Equal(CallMoments.Of(call, target), cuts.Select(cut => cut.Moment));
        }
    }

    [Fact]
    public void APlanNeedsNoDaemonAndSaysHowItEnds()
    {
        (string scenario, IReadOnlyList<string> steps) = Assert.Single(DrillPlan.Of(["sigkill"], "shimstack", Settings, 1));
        Assert.Equal("sigkill", scenario);
        Assert.Equal("start the daemon, until it answers", steps[0]);
        Assert.Contains("SIGKILL to the daemon", steps);
        Assert.Equal(DrillPlan.ClosingText, steps[^1]);
    }

    [Fact]
    public void AScenarioThatIsNotThereIsNamedWithThoseThatAre()
    {
        DrillException e = Assert.Throws<DrillException>(() => DrillPlan.Of(["hurricane"], "shimstack", Settings, 1).Count());
        Assert.StartsWith("there is no scenario hurricane: choose of sigterm, sigkill", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatATargetCannotDoIsLeftOutUnlessItIsNamed()
    {
        Assert.Contains(ScenarioList.Named([], "shimstack"), scenario => scenario.Name == "upgrade");
        Assert.DoesNotContain(ScenarioList.Named([], "containerd"), scenario => scenario.Name == "upgrade");
        Assert.Equal("upgrade is for shimstack alone, not for containerd",
            Assert.Throws<DrillException>(() => ScenarioList.Named(["upgrade"], "containerd")).Message);
    }

    [Fact]
    public void ALiveDaemonIsNotStartedOrEndedByTheDrillItself()
    {
        IReadOnlyList<string> steps = Assert.Single(DrillPlan.Of(["freeze"], "containerd", Settings with { IsLive = true }, 1)).Steps;
        Assert.Equal("see that the daemon answers", steps[0]);
        Assert.Equal(DrillPlan.LiveClosingText, steps[^1]);
    }

    [Theory, InlineData("containerd"), InlineData("docker"), InlineData("shimstack")]
    public void WhatOthersWouldSufferFromIsNotForALiveDaemon(string target)
    {
        string[] allowed = [.. ScenarioList.Named([], target, isLive: true).Select(scenario => scenario.Name)];
        string[] wanted = ["sigterm", "sigkill", "freeze", "away", "busy", "create", "start", "delete", "shim", "storm"];
        Assert.Equal([], wanted.Except(allowed));
        foreach (string name in (string[])["full-disk", "runtime", "upgrade", "upgrade-shims", "ground"])
        {
            Assert.DoesNotContain(name, allowed);
            string reason = Assert.Throws<DrillException>(() => ScenarioList.Named([name], Scenario(name).Targets[0], isLive: true)).Message;
            Assert.StartsWith($"{name} is not for a live daemon: ", reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DeathsAreCounted()
    {
        Assert.Equal((2, 0), DrillPlan.Blows(["sigkill"], Settings));
        Assert.Equal((0, 1), DrillPlan.Blows(["freeze"], Settings));
        Assert.Equal((3, 1), DrillPlan.Blows(["sigkill", "freeze", "away"], Settings));
        Assert.Equal((CallMoments.Of(Call.Create, "shimstack").Count, 0), DrillPlan.Blows(["create"], Settings));
    }

    [Fact]
    public void TheFleetHasEachKindOfWork()
    {
        IReadOnlyList<ShimStack.Drill.Work.WorkOrder> orders = WorkFleet.Of(Settings);
        Assert.Contains(orders, order => order.LogsToFile);
        Assert.Contains(orders, order => order.IsForking);
        Assert.Contains(orders, order => order is { Burst: > 1, LogsToFile: false });
    }

    private static IEnumerable<string> Made(IReadOnlyList<IStep> steps) => steps.SelectMany(step => step switch
    {
        RunContainer run => (string[])[run.Order.Name],
        RunExec exec => [exec.Order.Name],
        CreateOnly create => [create.Order.Name],
        CutCall { Call: Call.Create or Call.Exec } cut => [cut.Order.Name],
        RegisterOnly register => [register.Order.Name],
        HangRuntime { Call: RuntimeCall.Create or RuntimeCall.Exec } hang => [hang.Order.Name],
        KillRuntime { Call: RuntimeCall.Create } kill => [kill.Order.Name],
        _ => [],
    });

    private static string Text(string name, PlanSettings settings, int round) =>
        string.Join('\n', Scenario(name).Round(settings, round).Select(step => step.Text));

    private static IScenario Scenario(string name) => ScenarioList.All.Single(one => one.Name == name);
}
