using Microsoft.Data.Sqlite;

namespace ShimStack.Supervisor.Data;

/// <summary>The tables, as the steps that made them: a file of an older version takes those that it lacks, one of a newer is refused.</summary>
internal static class Schema
{
    /// <summary>"SHMD", by which we know a file of ours.</summary>
    public const int ApplicationId = 0x53484d44;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE namespaces (name TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE containers (namespace TEXT NOT NULL, id TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (namespace, id)) WITHOUT ROWID;
        CREATE TABLE leases (
            namespace TEXT NOT NULL, id TEXT NOT NULL, record BLOB NOT NULL, expires INTEGER, PRIMARY KEY (namespace, id)) WITHOUT ROWID;
        CREATE TABLE lease_resources (
            namespace TEXT NOT NULL, lease TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
            PRIMARY KEY (namespace, lease, type, id),
            FOREIGN KEY (namespace, lease) REFERENCES leases (namespace, id) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE TABLE events (sequence INTEGER PRIMARY KEY, namespace TEXT NOT NULL, topic TEXT NOT NULL, envelope BLOB NOT NULL);
        CREATE TABLE journal (trimmed INTEGER NOT NULL);
        INSERT INTO journal VALUES (0);
        CREATE TABLE processes (
            namespace TEXT NOT NULL, container TEXT NOT NULL, exec TEXT NOT NULL, pid INTEGER NOT NULL,
            exit_status INTEGER, exited_at BLOB, exit_sequence INTEGER, seen INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (namespace, container, exec)) WITHOUT ROWID;
        CREATE INDEX owed_exits ON processes (exit_sequence) WHERE seen = 0 AND exit_sequence IS NOT NULL;
        CREATE TABLE deleted_processes (
            namespace TEXT NOT NULL, container TEXT NOT NULL, exec TEXT NOT NULL, pid INTEGER NOT NULL,
            exited INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (namespace, container, exec, pid)) WITHOUT ROWID;
        CREATE TABLE lost_exits (sequence INTEGER PRIMARY KEY, namespace TEXT NOT NULL, container TEXT NOT NULL);
        CREATE INDEX deleted_at ON deleted_processes (sequence);
        """,
        """
        CREATE TABLE restarts (
            namespace TEXT NOT NULL, container TEXT NOT NULL, request BLOB NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL DEFAULT 0,
            delay INTEGER NOT NULL DEFAULT 0, started INTEGER NOT NULL, exit_status INTEGER, exited_at BLOB, next INTEGER, error TEXT,
            PRIMARY KEY (namespace, container),
            FOREIGN KEY (namespace, container) REFERENCES containers (namespace, id) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE TABLE boots (id TEXT NOT NULL);
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Takes the file to <see cref="Version"/>, all steps or none.</summary>
    /// <exception cref="DatabaseException">It is of a newer program.</exception>
    public static void Upgrade(SqliteConnection connection, string path)
    {
        long version = (long)connection.Scalar("PRAGMA user_version")!;
        if (version > Version)
        {
            throw new DatabaseException(
                $"{path} is of version {version}, this program knows {Version}: start the newer shimstackd, or move the file away to begin with an empty one");
        }

        if (version == Version)
        {
            return;
        }

        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        for (long step = version; step < Version; step++)
        {
            connection.Execute(Steps[step]);
        }

        connection.Execute($"PRAGMA application_id={ApplicationId}");
        connection.Execute($"PRAGMA user_version={Version}");
        transaction.Commit();
    }
}
