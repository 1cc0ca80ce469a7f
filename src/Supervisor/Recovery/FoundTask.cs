using ShimStack.Supervisor.Shims;

namespace ShimStack.Supervisor.Recovery;

/// <summary>What a restart finds of a task on disk.</summary>
/// <param name="Bundle">Its folder.</param>
/// <param name="Binary">The program of its shim; null if that is not on record and the container does not tell.</param>
/// <param name="Address">Where the shim listens; null if its start was cut before that was on record.</param>
internal sealed record FoundTask(Bundle Bundle, string? Binary, ShimAddress? Address);
