using Google.Protobuf.WellKnownTypes;
using Microsoft.Data.Sqlite;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Events;

/// <summary>What the events have told of processes, to be asked; it is as new as the last event that was acknowledged.</summary>
internal sealed class ProcessRecords(Database database)
{
    private const string Columns = "SELECT namespace, container, exec, pid, exit_status, exited_at FROM processes";
    private const string OfContainer = "namespace = $1 AND container = $2";
    private const string OfProcess = OfContainer + " AND exec = $3";

    /// <summary>All processes, by their container.</summary>
    public async Task<ILookup<(string Namespace, string Container), ProcessRecord>> AllAsync() =>
        (await database.WriteAsync(c => c.Rows(Columns, Read))).ToLookup(process => (process.Namespace, process.Container));

    /// <summary>The init process of a container, and its execs.</summary>
    public async Task<IReadOnlyList<ProcessRecord>> OfContainerAsync(string nameSpace, string container) =>
        await database.WriteAsync(c => c.Rows($"{Columns} WHERE {OfContainer}", Read, nameSpace, container));

    /// <summary>One process; null if no event has told of it, or it has been deleted.</summary>
    /// <param name="nameSpace">Of its container.</param>
    /// <param name="container">Id of its container.</param>
    /// <param name="exec">Empty for the init process.</param>
    public Task<ProcessRecord?> FindAsync(string nameSpace, string container, string exec) =>
        database.WriteAsync(c => c.Rows($"{Columns} WHERE {OfProcess}", Read, nameSpace, container, exec).FirstOrDefault());

    /// <summary>A container has been deleted: its exits are owed to nobody any more. One that is still on its way is published once.</summary>
    public Task ForgetContainerAsync(string nameSpace, string container) => ForgetAsync(OfContainer, nameSpace, container);

    /// <summary>An exec has been deleted, of which no event tells. See <see cref="ForgetContainerAsync"/>.</summary>
    public Task ForgetProcessAsync(string nameSpace, string container, string exec) => ForgetAsync(OfProcess, nameSpace, container, exec);

    private Task ForgetAsync(string which, params object?[] values) => database.WriteAsync(c =>
    {
        c.Execute($"""
            INSERT OR REPLACE INTO deleted_processes (namespace, container, exec, pid, exited, sequence)
            SELECT namespace, container, exec, pid, exit_status IS NOT NULL, (SELECT coalesce(max(sequence), 0) FROM events)
            FROM processes WHERE pid <> 0 AND {which}
            """, values);
        c.Execute($"DELETE FROM processes WHERE {which}", values);
    });

    private static ProcessRecord Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        (uint)row.GetInt64(3),
        row.IsDBNull(4) ? null : (uint)row.GetInt64(4),
        row.IsDBNull(5) || row.GetFieldValue<byte[]>(5) is not { Length: > 0 } time ? null : Timestamp.Parser.ParseFrom(time));
}
