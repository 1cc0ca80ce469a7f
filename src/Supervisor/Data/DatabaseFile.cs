using Microsoft.Data.Sqlite;

namespace ShimStack.Supervisor.Data;

/// <summary>Opens the database file: WAL, so that a commit is one append; synchronous=NORMAL, so that it survives the death of every process, if not a power cut.</summary>
internal static class DatabaseFile
{
    /// <exception cref="DatabaseException">See <see cref="Database.Open"/>.</exception>
    public static SqliteConnection Open(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Pragmas(connection);
            Check(connection, path);
            Schema.Upgrade(connection, path);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new DatabaseException($"{path} cannot be used: {e.Message}; move it away to begin with an empty one", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Pragmas(SqliteConnection connection)
    {
        connection.Execute("PRAGMA locking_mode=EXCLUSIVE");
        connection.Execute("PRAGMA journal_mode=WAL");
        connection.Execute("PRAGMA synchronous=NORMAL");
        connection.Execute("PRAGMA foreign_keys=ON");
        connection.Execute("PRAGMA cache_size=-512"); // KiB: the tables are small
    }

    private static void Check(SqliteConnection connection, string path)
    {
        string? found = connection.Scalar("PRAGMA quick_check(1)") as string;
        if (found != "ok")
        {
            throw new DatabaseException($"{path} is corrupt: {found}; move it away to begin with an empty one");
        }
    }
}
