namespace ShimStack.Ctl.Containers;

/// <summary>What a command line says about the process of a container.</summary>
internal sealed record ProcessSettings
{
    /// <summary>Program and arguments; none for those of the bundle.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public bool Terminal { get; init; }

    /// <summary>"NAME=VALUE" each.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>As <see cref="UserLookup"/> takes it.</summary>
    public string? User { get; init; }

    public string? Directory { get; init; }
}

/// <summary>What a command line says about a container.</summary>
internal sealed record RunSettings
{
    public required string Id { get; init; }

    public required string Namespace { get; init; }

    /// <summary>A root file system, or a bundle.</summary>
    public required string Folder { get; init; }

    public ProcessSettings Process { get; init; } = new();

    public IReadOnlyList<MountText> Mounts { get; init; } = [];

    /// <summary>What it calls itself; null for what the bundle says, or its name.</summary>
    public string? Hostname { get; init; }

    /// <summary>Nothing is written to its root file system.</summary>
    public bool IsReadOnly { get; init; }

    public IReadOnlyList<string> AddedCapabilities { get; init; } = [];

    public IReadOnlyList<string> DroppedCapabilities { get; init; } = [];

    public long? MemoryBytes { get; init; }

    public double? Processors { get; init; }

    public long? Pids { get; init; }

    /// <summary>Removed when it has ended.</summary>
    public bool Remove { get; init; }

    /// <summary>Its restart policy; null for none.</summary>
    public string? Restart { get; init; }

    public string Runtime { get; init; } = "";

    /// <summary>The cgroup above the container's; null for one named after the namespace.</summary>
    public string? CgroupParent { get; init; }
}
