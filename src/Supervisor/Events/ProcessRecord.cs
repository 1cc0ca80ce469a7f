using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Supervisor.Events;

/// <summary>What the events have told of a process.</summary>
/// <param name="Namespace">Of its container.</param>
/// <param name="Container">Id of its container.</param>
/// <param name="Exec">Id of the exec; empty for the init process.</param>
/// <param name="Pid">0 while it has none.</param>
/// <param name="ExitStatus">Null while it has not ended.</param>
/// <param name="ExitedAt">When it ended, as its shim said; null while it has not, or if the shim did not say.</param>
internal sealed record ProcessRecord(string Namespace, string Container, string Exec, uint Pid, uint? ExitStatus, Timestamp? ExitedAt);
