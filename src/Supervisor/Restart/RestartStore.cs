using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Data.Sqlite;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Restart;

/// <summary>
/// The table of what should run. How a run ended is written there by the journal, in the transaction of the exit's event; a row goes with its
/// container (ON DELETE CASCADE).
/// </summary>
internal sealed class RestartStore(Database database)
{
    private const string Fields =
        "restarts.namespace, container, request, state, count, delay, started, exit_status, exited_at, next, error";

    private const string Columns = $"SELECT {Fields} FROM restarts";
    private const string One = "WHERE namespace = $1 AND container = $2";

    public Task<List<RestartRecord>> AllAsync() => database.WriteAsync(c => c.Rows(Columns, Read));

    /// <summary>Those of a namespace, by id, with their containers.</summary>
    public Task<List<(RestartRecord Record, Container Container)>> OfNamespaceAsync(string nameSpace) => database.WriteAsync(c => c.Rows(
        $"""
        SELECT {Fields}, record FROM restarts JOIN containers ON containers.namespace = restarts.namespace AND id = container
        WHERE restarts.namespace = $1 ORDER BY container
        """,
        row => (Read(row), Container.Parser.ParseFrom(row.GetFieldValue<byte[]>(row.FieldCount - 1))),
        nameSpace));

    public Task<RestartRecord?> FindAsync(string nameSpace, string id) =>
        database.WriteAsync(c => c.Rows($"{Columns} {One}", Read, nameSpace, id).FirstOrDefault());

    /// <summary>Somebody starts it, so it is no longer stopped, and what was counted is counted anew.</summary>
    public Task StartedAsync(string nameSpace, string id, byte[] request, DateTimeOffset at) => database.WriteAsync(c =>
    {
        if (ContainerStore.Relabel(c, nameSpace, id, labels => labels.Remove(RestartLabels.Stopped) | labels.Remove(RestartLabels.Count)))
        {
            c.Execute(
                "INSERT OR REPLACE INTO restarts (namespace, container, request, state, started) VALUES ($1, $2, $3, $4, $5)",
                nameSpace, id, request, (int)RestartState.Running, at.ToUnixTimeMilliseconds());
        }
    });

    /// <summary>We start it, once more.</summary>
    public Task RestartedAsync(RestartRecord record, DateTimeOffset at) => database.WriteAsync(c =>
    {
        int count = record.Count + 1;
        ContainerStore.Relabel(c, record.Namespace, record.Container, labels =>
        {
            labels[RestartLabels.Count] = count.ToString(CultureInfo.InvariantCulture);
            return true;
        });
        c.Execute(
            $"UPDATE restarts SET state = $3, count = $4, started = $5, exit_status = NULL, exited_at = NULL, next = NULL, error = NULL {One}",
            record.Namespace, record.Container, (int)RestartState.Running, count, at.ToUnixTimeMilliseconds());
    });

    /// <summary>What is next. What is known of its last run stays.</summary>
    public Task PutAsync(RestartRecord record) => database.WriteAsync(c => c.Execute(
        $"UPDATE restarts SET state = $3, count = $4, delay = $5, next = $6, error = $7 {One}",
        record.Namespace, record.Container, (int)record.State, record.Count, (long)record.Delay.TotalMilliseconds,
        record.NextAt?.ToUnixTimeMilliseconds(), record.Error));

    /// <summary>Nothing is next.</summary>
    /// <param name="nameSpace">Its namespace.</param>
    /// <param name="id">Its id.</param>
    /// <param name="error">Why; null to keep what is known.</param>
    public Task EndAsync(string nameSpace, string id, string? error = null) => database.WriteAsync(c => c.Execute(
        $"UPDATE restarts SET state = $3, next = NULL, error = coalesce($4, error) {One}", nameSpace, id, (int)RestartState.Ended, error));

    /// <summary>It runs, though it seemed to have ended: that was an older run.</summary>
    public Task RunsAsync(string nameSpace, string id) => database.WriteAsync(c => c.Execute(
        $"UPDATE restarts SET state = $3, next = NULL, exit_status = NULL, exited_at = NULL, error = NULL {One}", nameSpace, id, (int)RestartState.Running));

    /// <summary>Nobody has told how it ended.</summary>
    public Task ExitedAsync(string nameSpace, string id, uint status, Timestamp? at) => database.WriteAsync(c => c.Execute(
        $"UPDATE restarts SET exit_status = $3, exited_at = $4 {One} AND exit_status IS NULL", nameSpace, id, (long)status, at?.ToByteArray()));

    /// <summary>It has no policy any more.</summary>
    public Task RemoveAsync(string nameSpace, string id) => database.WriteAsync(c => c.Execute($"DELETE FROM restarts {One}", nameSpace, id));

    /// <summary>The boot of the machine that the table is about; null if it is not on record.</summary>
    public Task<string?> BootAsync() => database.WriteAsync(c => c.Scalar("SELECT id FROM boots") as string);

    /// <summary>The machine has booted: what should run waits for its turn, everything else has ended, all at once.</summary>
    public Task BootedAsync(string boot, List<RestartRecord> toStart, DateTimeOffset at) => database.WriteAsync(c =>
    {
        c.Execute("UPDATE restarts SET state = $1, next = NULL", (int)RestartState.Ended);
        foreach (RestartRecord record in toStart)
        {
            ContainerStore.Relabel(c, record.Namespace, record.Container, labels => labels.Remove(RestartLabels.Stopped));
            c.Execute(
                $"UPDATE restarts SET state = $3, next = $4, count = 0, delay = 0, error = NULL {One}",
                record.Namespace, record.Container, (int)RestartState.Waiting, at.ToUnixTimeMilliseconds());
        }

        NoteBoot(c, boot);
    });

    /// <summary>The table is about this boot from now on.</summary>
    public Task NoteBootAsync(string boot) => database.WriteAsync(c => NoteBoot(c, boot));

    private static void NoteBoot(SqliteConnection connection, string boot)
    {
        connection.Execute("DELETE FROM boots");
        connection.Execute("INSERT INTO boots VALUES ($1)", boot);
    }

    private static RestartRecord Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetFieldValue<byte[]>(2),
        (RestartState)row.GetInt32(3),
        row.GetInt32(4),
        TimeSpan.FromMilliseconds(row.GetInt64(5)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)))
    {
        ExitStatus = row.IsDBNull(7) ? null : (uint)row.GetInt64(7),
        ExitedAt = row.IsDBNull(8) || row.GetFieldValue<byte[]>(8) is not { Length: > 0 } time ? null : Timestamp.Parser.ParseFrom(time),
        NextAt = row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        Error = row.IsDBNull(10) ? null : row.GetString(10),
    };
}
