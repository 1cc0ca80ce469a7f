namespace ShimStack.Drill.Live;

/// <summary>Which daemon of the machine is meant, and what the user says of it.</summary>
/// <param name="Target">What kind it is, as in <see cref="DrillPlan.Targets"/>.</param>
public sealed record LiveRequest(string Target)
{
    /// <summary>Its socket; empty for where it usually is.</summary>
    public string Address { get; init; } = "";

    /// <summary>What starts it again; null for the service of systemd that it runs in.</summary>
    public string? StartCommand { get; init; }

    /// <summary>The runtime that its containers have, as the daemon knows it: a name, or the path of a shim; empty for its own choice.</summary>
    public string Runtime { get; init; } = "";
}
