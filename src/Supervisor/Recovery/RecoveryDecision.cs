namespace ShimStack.Supervisor.Recovery;

/// <summary>From what was found to what is done. A shim that is merely slow is in no row: it is waited for, time proves no death.</summary>
internal static class RecoveryDecision
{
    /// <param name="hasAddress">Its shim's address was on record, so Create had come as far as the shim.</param>
    /// <param name="answer">What the shim said.</param>
    /// <param name="isKnown">Events have told of its init process.</param>
    public static RecoveryStep For(bool hasAddress, ShimAnswer answer, bool isKnown) => (hasAddress, answer, isKnown) switch
    {
        (_, ShimAnswer.HasTask, _) => RecoveryStep.Adopt,
        (_, ShimAnswer.Failed, _) => RecoveryStep.Adopt,
        (_, ShimAnswer.NoTask, _) => RecoveryStep.Undo,
        (true, ShimAnswer.Dead, true) => RecoveryStep.Bury,
        (true, ShimAnswer.Dead, false) => RecoveryStep.Undo,
        (false, ShimAnswer.Dead, true) => RecoveryStep.Bury,
        (false, ShimAnswer.Dead, false) => RecoveryStep.Undo,
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "no such answer"),
    };
}
