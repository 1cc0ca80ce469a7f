namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>A soak that failed is of use only when it can be walked again.</summary>
public sealed class WalkPlanTests
{
    private const int Far = 5000;

    [Fact]
    public void ASeedHasOnePlan() => Assert.Equal(WalkPlan.Of(4711).Take(Far), WalkPlan.Of(4711).Take(Far));

    [Fact]
    public void TwoSeedsHaveTwoPlans() => Assert.NotEqual(WalkPlan.Of(1).Take(100), WalkPlan.Of(2).Take(100));

    [Fact]
    public void EveryKindOfStepComesUp() =>
        Assert.Equal(Enum.GetValues<StepKind>(), WalkPlan.Of(1).Take(Far).Select(static step => step.Kind).Distinct().Order());

    [Fact]
    public void EveryWalkFindsHome()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            WalkModel model = new();
            foreach (Step step in WalkPlan.Of(seed).Take(10 * seed))
            {
                model.Apply(step);
            }

            foreach (Step step in WalkPlan.Home(model).Take(100))
            {
                model.Apply(step);
            }

            Assert.Equal((DaemonState.Up, 0), (model.Daemon, model.Containers.Count));
        }
    }
}
