namespace ShimStack.Shim.Settings;

/// <summary>
/// What an operator may set, by variables in the daemon's environment (docs/settings.md), which its shims inherit, or later by the control
/// service. The defaults are those of the contract, or bounds that an ordinary container never meets. One object for the whole shim: whoever
/// needs a setting asks it when it is needed, so that a change counts from then on.
/// </summary>
internal sealed record ShimSettings
{
    /// <summary>
    /// How long a call of the runtime may take. A hung runtime must not hang its callers for ever; what the reference completes must not be cut,
    /// and a slow disk or a hook may take minutes. Checkpoint and restore have no limit: they move memory.
    /// </summary>
    public TimeSpan RuntimeLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long Delete waits for output that a background child holds open. Contract chapter 3.10.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a signal for a running init is sent by the shim itself where that is the same as the runtime's kill, and not by the runtime.</summary>
    public bool DirectKill { get; set; } = true;

    /// <summary>How many bytes of each output stream are kept on disk while nobody reads it; 0 for none, then its container blocks.</summary>
    public long SpoolBytes { get; set; } = 16 << 20;

    /// <summary>How many bytes all containers of the machine may keep.</summary>
    public long SpoolNodeBytes { get; set; } = 1 << 30;

    /// <summary>After how long without a read a reader that is there counts as stuck. A slow one is waited for, as ever.</summary>
    public TimeSpan SpoolAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a full spool drops its oldest bytes, and not blocks the container.</summary>
    public bool SpoolDropsOldest { get; set; }
}
