namespace ShimStack.Supervisor.Restart;

/// <summary>
/// From a policy and what has happened to whether the container is started again. As docker decides, except that a start of the daemon alone is no
/// reason: see docs/shimstackd.md.
/// </summary>
internal static class RestartDecision
{
    /// <summary>The status of a run of which nobody knows how it ended, and of a try that failed.</summary>
    public const uint UnknownStatus = 255;

    /// <param name="wish">What the container asks for.</param>
    /// <param name="status">How the last run ended.</param>
    /// <param name="count">Restarts since somebody started it.</param>
    public static bool AfterExit(RestartWish wish, uint status, int count) => !wish.IsStopped && wish.Policy.Kind switch
    {
        RestartKind.Always or RestartKind.UnlessStopped => true,
        RestartKind.OnFailure => status != 0 && (wish.Policy.Retries == 0 || count < wish.Policy.Retries),
        _ => false,
    };

    /// <summary>When the machine has booted: nothing has ended by itself, everything is gone.</summary>
    /// <param name="wish">What the container asks for.</param>
    /// <param name="state">What it was before.</param>
    public static bool AfterBoot(RestartWish wish, RestartState state) => wish.Policy.Kind switch
    {
        RestartKind.Always => true,
        RestartKind.UnlessStopped => !wish.IsStopped,
        RestartKind.OnFailure => !wish.IsStopped && state != RestartState.Ended,
        _ => false,
    };
}
