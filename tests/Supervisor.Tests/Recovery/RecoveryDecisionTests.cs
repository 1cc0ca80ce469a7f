using ShimStack.Supervisor.Recovery;

namespace ShimStack.Supervisor.Tests.Recovery;

public sealed class RecoveryDecisionTests
{
    // Every row: was its shim's address on record, what the shim said, had events told of its init process.
    private static readonly (bool HasAddress, ShimAnswer Answer, bool IsKnown, RecoveryStep Step)[] Table =
    [
        (true, ShimAnswer.HasTask, true, RecoveryStep.Adopt),
        (true, ShimAnswer.HasTask, false, RecoveryStep.Adopt),
        (true, ShimAnswer.Failed, true, RecoveryStep.Adopt),
        (true, ShimAnswer.Failed, false, RecoveryStep.Adopt),
        (true, ShimAnswer.NoTask, true, RecoveryStep.Undo),
        (true, ShimAnswer.NoTask, false, RecoveryStep.Undo),
        (true, ShimAnswer.Dead, true, RecoveryStep.Bury),
        (true, ShimAnswer.Dead, false, RecoveryStep.Undo),
        (false, ShimAnswer.HasTask, true, RecoveryStep.Adopt),
        (false, ShimAnswer.HasTask, false, RecoveryStep.Adopt),
        (false, ShimAnswer.Failed, true, RecoveryStep.Adopt),
        (false, ShimAnswer.Failed, false, RecoveryStep.Adopt),
        (false, ShimAnswer.NoTask, true, RecoveryStep.Undo),
        (false, ShimAnswer.NoTask, false, RecoveryStep.Undo),
        (false, ShimAnswer.Dead, true, RecoveryStep.Bury),
        (false, ShimAnswer.Dead, false, RecoveryStep.Undo),
    ];

    [Fact]
    public void EachFindingHasItsStep() =>
        Assert.All(Table, row => Assert.Equal(row.Step, RecoveryDecision.For(row.HasAddress, row.Answer, row.IsKnown)));

    [Fact]
    public void TheTableHasEveryFinding()
    {
        IEnumerable<(bool, ShimAnswer, bool)> all =
            from address in (bool[])[true, false]
            from answer in Enum.GetValues<ShimAnswer>()
            from known in (bool[])[true, false]
            select (address, answer, known);
        Assert.Equal(all.Order(), Table.Select(row => (row.HasAddress, row.Answer, row.IsKnown)).Order());
    }
}
