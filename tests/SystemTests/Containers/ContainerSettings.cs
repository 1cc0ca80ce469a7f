using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Wire.Tasks;

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

    /// <summary>Changes the spec before it is written.</summary>
    public Action<JsonObject>? Spec { get; init; }

    /// <summary>The options that the task is created with, when not the usual ones; an empty message for none.</summary>
    public Any? TaskOptions { get; init; }

    /// <summary>The options in the container's record: they count when the task has none.</summary>
    public Any? RecordOptions { get; init; }

    /// <summary>The mounts of the root file system, when not one bind mount; empty for none.</summary>
    public IReadOnlyList<Mount>? Mounts { get; init; }

    /// <summary>Labels of the record.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What the container is restored from.</summary>
    public StoredContent? Checkpoint { get; init; }
}
