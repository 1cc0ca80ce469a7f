using ShimStack.Supervisor.Restart;

namespace ShimStack.Supervisor.Tests.Restart;

public sealed class RestartDecisionTests
{
    // Policy, stopped on purpose, exit status, restarts so far, and whether it is started again.
    private static readonly (string Policy, bool IsStopped, uint Status, int Count, bool Again)[] Exits =
    [
        ("no", false, 3, 0, false),
        ("always", false, 0, 1000, true),
        ("always", false, 137, 0, true),
        ("always", true, 0, 0, false),
        ("unless-stopped", false, 0, 1000, true),
        ("unless-stopped", true, 1, 0, false),
        ("on-failure", false, 0, 0, false),
        ("on-failure", false, 1, 1000, true),
        ("on-failure", true, 1, 0, false),
        ("on-failure:2", false, 3, 0, true),
        ("on-failure:2", false, 3, 1, true),
        ("on-failure:2", false, 3, 2, false),
        ("on-failure:2", false, 0, 1, false),
        ("on-failure:2", true, 3, 0, false),
    ];

    // Policy, stopped on purpose, what it was, and whether it is started.
    private static readonly (string Policy, bool IsStopped, RestartState State, bool Starts)[] Boots =
    [
        ("no", false, RestartState.Running, false),
        ("always", false, RestartState.Running, true),
        ("always", true, RestartState.Ended, true),
        ("unless-stopped", false, RestartState.Running, true),
        ("unless-stopped", false, RestartState.Waiting, true),
        ("unless-stopped", true, RestartState.Ended, false),
        ("on-failure:1", false, RestartState.Running, true),
        ("on-failure:1", false, RestartState.Waiting, true),
        ("on-failure:1", false, RestartState.Ended, false),
        ("on-failure:1", true, RestartState.Running, false),
    ];

    [Fact]
    public void AnExitIsDecidedByTheTable() =>
        Assert.All(Exits, row => Assert.Equal(row.Again, RestartDecision.AfterExit(Wish(row.Policy, row.IsStopped), row.Status, row.Count)));

    [Fact]
    public void ABootIsDecidedByTheTable() => Assert.All(Boots, row => Assert.Equal(row.Starts, RestartDecision.AfterBoot(Wish(row.Policy, row.IsStopped), row.State)));

    private static RestartWish Wish(string policy, bool isStopped) => new(RestartPolicy.TryParse(policy)!.Value, isStopped, null);
}
