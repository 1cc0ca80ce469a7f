using System.Text.Json.Nodes;

namespace ShimStack.SystemTests.Containers;

/// <summary>How a container differs from the usual one of the tests: overlay root file system mounted by the shim, output to a FIFO, runc.</summary>
internal sealed record ContainerSettings
{
    /// <summary>False: no streams at all.</summary>
    public bool Output { get; init; } = true;

    public bool Input { get; init; }

    /// <summary>Where the output goes by URI, instead of a FIFO.</summary>
    public string? OutputUri { get; init; }

    public bool Terminal { get; init; }

    /// <summary>The runtime's binary, when not the default one.</summary>
    public string? RuntimeBinary { get; init; }

    /// <summary>The shim, when not the one under test: a name or an absolute path.</summary>
    public string? Shim { get; init; }

    /// <summary>The source of the bind mount on the root, when not the stage's own.</summary>
    public string? RootfsSource { get; init; }

    public JsonObject? Hooks { get; init; }

    /// <summary>Limits, as the OCI document has them.</summary>
    public JsonObject? Resources { get; init; }

    /// <summary>The cgroup, when not one of its own.</summary>
    public string? Cgroup { get; init; }
}
