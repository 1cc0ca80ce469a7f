using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ShimStack.Supervisor.Data;

/// <summary>
/// The writer's transaction, and the savepoint below which each change is made. The statements are compiled once: the transactions of the library
/// compile five for a commit, which was as much work as an event is.
/// </summary>
internal sealed class WriterTransaction(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatements _statements = new(connection);

    /// <exception cref="SqliteException">Also for the others: it has failed.</exception>
    public void Begin() => Run("BEGIN IMMEDIATE");

    public void Commit() => Run("COMMIT");

    /// <summary>Undoes what is not committed, if SQLite has not done so by itself.</summary>
    public void Undo()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            Run("ROLLBACK");
        }
    }

    public void Save() => Run("SAVEPOINT change");

    public void Release() => Run("RELEASE change");

    public void UndoToSave()
    {
        Run("ROLLBACK TO change");
        Release();
    }

    public void Dispose() => _statements.Dispose();

    private void Run(string sql) => _statements.Of(sql).Run();
}
