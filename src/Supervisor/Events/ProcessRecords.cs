using Google.Protobuf.WellKnownTypes;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Events;

internal sealed record ProcessRecord(string Namespace, string Container, string Exec, uint Pid, uint? ExitStatus, Timestamp? ExitedAt);

internal sealed class ProcessRecords(Database database)
{
    public Task<IReadOnlyList<ProcessRecord>> OfContainerAsync(string ns, string id) { _ = database; return Task.FromResult<IReadOnlyList<ProcessRecord>>([]); }

    public Task<ProcessRecord?> FindAsync(string ns, string id, string exec) => Task.FromResult<ProcessRecord?>(null);
}
