namespace ShimStack.Shim.Settings;

/// <summary>
/// What an operator may set, by variables in the daemon's environment (docs/settings.md), which its shims inherit. The defaults are those of the
/// contract, or bounds that an ordinary container never meets.
/// </summary>
internal sealed record ShimSettings
{
    /// <summary>
    /// How long a call of the runtime may take. A hung runtime must not hang its callers for ever; what the reference completes must not be cut,
    /// and a slow disk or a hook may take minutes. Checkpoint and restore have no limit: they move memory.
    /// </summary>
    public TimeSpan RuntimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long Delete waits for output that a background child holds open. Contract chapter 3.10.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a signal for a running init is sent by the shim itself where that is the same as the runtime's kill, and not by the runtime.</summary>
    public bool DirectKill { get; init; } = true;
}
