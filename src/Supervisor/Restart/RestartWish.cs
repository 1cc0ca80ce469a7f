namespace ShimStack.Supervisor.Restart;

/// <summary>What the labels of a container ask for.</summary>
/// <param name="Policy">Never <see cref="RestartKind.No"/>.</param>
/// <param name="IsStopped">Somebody has stopped it on purpose.</param>
/// <param name="Log">Where the output of later runs goes, as a URI, if the first run's cannot be had again; null for nowhere.</param>
internal sealed record RestartWish(RestartPolicy Policy, bool IsStopped, string? Log);
