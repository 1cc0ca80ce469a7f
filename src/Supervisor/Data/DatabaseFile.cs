using Microsoft.Data.Sqlite;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Supervisor.Data;

/// <summary>Opens the database file: WAL, so that a commit is one append; synchronous=NORMAL, so that it survives the death of every process, if not a power cut.</summary>
internal static class DatabaseFile
{
    /// <exception cref="DatabaseException">See <see cref="Database.Open"/>.</exception>
    public static SqliteConnection Open(string path)
    {
        MakePrivate(path);
        SqliteLibrary.Prepare();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA locking_mode=EXCLUSIVE");
            CheckOwner(connection, path);
            Pragmas(connection);
            Check(connection, path);
            Schema.Upgrade(connection, path);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw DatabaseFaults.AtStart(path, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite gives the files that it makes beside this one the same mode.
    private static void MakePrivate(string path)
    {
        const int Mode = 0x180; // 0600
        try
        {
            EmptyDatabase.PutWhereNothingIs(path, Mode);
            using FileDescriptor file = Files.Open(path, OpenFlags.O_RDWR | OpenFlags.O_NOFOLLOW);
            Files.SetMode(file, Mode);
        }
        catch (SyscallException e)
        {
            throw new DatabaseException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static void CheckOwner(SqliteConnection connection, string path)
    {
        long id = (long)connection.Scalar("PRAGMA application_id")!;
        if (id != Schema.ApplicationId && (id != 0 || connection.Scalar("SELECT 1 FROM sqlite_master LIMIT 1") is not null))
        {
            throw new DatabaseException($"{path} is the database of another program: choose another --root, or move it away");
        }
    }

    private static void Pragmas(SqliteConnection connection)
    {
        connection.Execute("PRAGMA synchronous=NORMAL"); // before the next, which would sync a new file more often
        connection.Execute("PRAGMA journal_mode=WAL");
        connection.Execute("PRAGMA journal_size_limit=4194304"); // what the log grew to in a rush is given back
        connection.Execute("PRAGMA foreign_keys=ON");
        connection.Execute("PRAGMA cache_size=-512"); // KiB: the tables are small
    }

    private static void Check(SqliteConnection connection, string path)
    {
        string? found = connection.Scalar("PRAGMA quick_check(1)") as string;
        if (found != "ok")
        {
            throw new DatabaseException($"{path} is corrupt: {found?.ReplaceLineEndings(" ")}: move it away to begin with an empty one");
        }
    }
}
