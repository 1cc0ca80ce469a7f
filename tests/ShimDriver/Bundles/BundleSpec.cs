namespace ShimStack.ShimDriver.Bundles;

/// <summary>What a container shall be: the choices that tests make; the rest of config.json is fixed.</summary>
public sealed record BundleSpec
{
    /// <summary>Arguments of the init process, argv[0] first; busybox applets are in PATH.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = ["sleep", "100000"];

    public bool Terminal { get; init; }

    /// <summary>Annotations of the container, for grouping and for fault plans.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>False: the container shares the driver's pid namespace, so that init's exit must kill the others.</summary>
    public bool PrivatePidNamespace { get; init; } = true;

    /// <summary>True: Create carries a bind mount for the rootfs, as a daemon does it. False: config.json names the shared rootfs by its path.</summary>
    public bool MountsRootfs { get; init; } = true;

    /// <summary>A directory of the machine that the container sees as /shared, and may write to; null for none.</summary>
    public string? Shared { get; init; }

    /// <summary>Parent of the container's cgroup.</summary>
    public string CgroupParent { get; init; } = "/shimstack-driver";

    /// <summary>Memory limit in bytes; null for none.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>A container that runs the given command line in a shell.</summary>
    public static BundleSpec Shell(string script) => new() { Arguments = ["sh", "-c", script] };
}
