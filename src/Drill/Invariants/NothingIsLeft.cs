using ShimStack.Drill.Record;

namespace ShimStack.Drill.Invariants;

/// <summary>Looked for when all containers are deleted, and again when the daemon has ended.</summary>
public sealed class NothingIsLeft : IInvariant
{
    public string Name => "leaks";

    public string Sentence =>
        "At the end no process, shim, mount, socket, cgroup, descriptor, bundle, runtime state or temporary file is left.";

    public IEnumerable<Finding> Check(DrillRecord record) =>
        record.Leaks.Select(static leak => new Finding("machine", $"no {leak.Kind} is left", leak.What, CanHeal: false));
}
