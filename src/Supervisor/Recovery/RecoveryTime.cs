namespace ShimStack.Supervisor.Recovery;

/// <summary>How long the last restart took.</summary>
internal sealed class RecoveryTime
{
    /// <summary>Until the fate of each task that was found at the start was known; zero before that.</summary>
    public TimeSpan Duration { get; set; }
}
