using Microsoft.Data.Sqlite;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Events;

/// <summary>The journal in the database; used on the database's writer only. What it counts is taken back with a transaction that fails.</summary>
internal sealed class JournalTables : IDisposable
{
    /// <summary>So many are trimmed at a time at least, and at most: a commit must not become long.</summary>
    private const int MinTrim = 128;
    private const int MaxTrim = 1024;

    private const string OwedSequences =
        "SELECT exit_sequence FROM processes WHERE seen = 0 AND exit_sequence IS NOT NULL UNION SELECT sequence FROM lost_exits";

    private readonly PreparedStatements _statements;
    private readonly ProcessProjection _processes;
    private readonly int _length;
    private bool _mayHaveLost; // most daemons have never lost a shim
    private (long Newest, long Trimmed) _committed;

    /// <param name="connection">The database.</param>
    /// <param name="length">How many events are kept.</param>
    public JournalTables(SqliteConnection connection, int length)
    {
        _statements = new PreparedStatements(connection);
        _processes = new ProcessProjection(_statements);
        _length = length;
        Trimmed = (long)connection.Scalar("SELECT trimmed FROM journal")!;
        Newest = Math.Max(Trimmed, connection.Scalar("SELECT max(sequence) FROM events") as long? ?? 0);
        _committed = (Newest, Trimmed);
        _mayHaveLost = connection.Scalar("SELECT 1 FROM lost_exits LIMIT 1") is not null;
    }

    /// <summary>The sequence number given last.</summary>
    public long Newest { get; private set; }

    /// <summary>Up to here, only exits that are owed are kept.</summary>
    public long Trimmed { get; private set; }

    /// <summary>A transaction begins.</summary>
    public void Begin() => (Newest, Trimmed) = _committed;

    /// <summary>It is committed.</summary>
    public void Committed() => _committed = (Newest, Trimmed);

    /// <summary>Puts an event on record; null if it is the repetition of one.</summary>
    public StoredEvent? Add(Envelope envelope, byte[] bytes, ProcessChange? change)
    {
        if (change is not null && !_processes.Apply(change, Newest + 1))
        {
            return null;
        }

        if (change?.Kind == ProcessChangeKind.Created && _mayHaveLost)
        {
            // An exit of an older run would end the newer one in the eyes of who hears of it only now.
            _statements.Of("DELETE FROM lost_exits WHERE namespace = ?1 AND container = ?2").Bind(1, change.Namespace).Bind(2, change.Container).Run();
        }

        if (change is { Kind: ProcessChangeKind.Exited, Exec: "" })
        {
            // What asks for its restart knows how it ended as surely as the journal does.
            _statements.Of("UPDATE restarts SET exit_status = ?3, exited_at = ?4 WHERE namespace = ?1 AND container = ?2 AND exit_status IS NULL")
                .Bind(1, change.Namespace).Bind(2, change.Container).Bind(3, change.ExitStatus).Bind(4, change.ExitedAt).Run();
        }

        Newest++;
        _statements.Of("INSERT INTO events (sequence, namespace, topic, envelope) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, Newest).Bind(2, envelope.Namespace).Bind(3, envelope.Topic).Bind(4, bytes).Run();
        return new StoredEvent(Newest, envelope, bytes, change?.Kind == ProcessChangeKind.Exited);
    }

    /// <summary>The exits that no subscriber has seen, and whose processes nobody has deleted; the oldest first.</summary>
    public List<StoredEvent> Owed() =>
        Read(_statements.Of($"SELECT sequence, envelope FROM events WHERE sequence IN ({OwedSequences}) ORDER BY sequence"), isOwed: true);

    /// <summary>A container goes with its shim, and not because a client has deleted it: what it owes now stays owed, until its id is used anew.</summary>
    public void KeepOwed(string nameSpace, string container)
    {
        _mayHaveLost = true;
        _statements.Of(
            """
            INSERT OR IGNORE INTO lost_exits (sequence, namespace, container)
            SELECT exit_sequence, namespace, container FROM processes
            WHERE namespace = ?1 AND container = ?2 AND seen = 0 AND exit_sequence IS NOT NULL
            """).Bind(1, nameSpace).Bind(2, container).Run();
    }

    /// <summary>How many <see cref="Owed"/> are.</summary>
    public long CountOwed()
    {
        PreparedStatement count = _statements.Of($"SELECT count(*) FROM ({OwedSequences})");
        using PreparedStatement.Running rows = count.Rows();
        return count.Step() ? count.Int64(0) : 0;
    }

    /// <summary>A subscriber has this exit.</summary>
    public void See(long sequence)
    {
        _statements.Of("UPDATE processes SET seen = 1 WHERE exit_sequence = ?1 AND seen = 0").Bind(1, sequence).Run();
        if (_mayHaveLost)
        {
            _statements.Of("DELETE FROM lost_exits WHERE sequence = ?1").Bind(1, sequence).Run();
        }
    }

    /// <summary>Events from a sequence number on, so many at most.</summary>
    public List<StoredEvent> Page(long from, int count) => Read(
        _statements.Of("SELECT sequence, envelope FROM events WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2")
            .Bind(1, Math.Max(from, Trimmed + 1)).Bind(2, count),
        isOwed: false);

    /// <summary>Removes what is more than is kept, if it is worth the while; never an exit that is owed.</summary>
    public void Trim()
    {
        long wanted = Newest - _length;
        if (wanted - Trimmed < MinTrim)
        {
            return;
        }

        Trimmed = Math.Min(wanted, Trimmed + MaxTrim);
        _statements.Of(
            $"DELETE FROM events WHERE sequence <= ?1 AND sequence NOT IN ({OwedSequences})").Bind(1, Trimmed).Run();
        _statements.Of("DELETE FROM deleted_processes WHERE sequence <= ?1").Bind(1, Trimmed).Run();
        _statements.Of("UPDATE journal SET trimmed = ?1").Bind(1, Trimmed).Run();
    }

    public void Dispose() => _statements.Dispose();

    private static List<StoredEvent> Read(PreparedStatement statement, bool isOwed)
    {
        List<StoredEvent> events = [];
        using PreparedStatement.Running rows = statement.Rows();
        while (statement.Step())
        {
            byte[] bytes = statement.Blob(1);
            events.Add(new StoredEvent(statement.Int64(0), Envelope.Parser.ParseFrom(bytes), bytes, isOwed));
        }

        return events;
    }
}
