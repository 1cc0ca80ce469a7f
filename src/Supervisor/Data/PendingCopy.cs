using Microsoft.Data.Sqlite;

namespace ShimStack.Supervisor.Data;

/// <summary>A copy of the database that waits for its turn: it holds what was committed with it. See https://www.sqlite.org/backup.html.</summary>
internal sealed class PendingCopy(string path) : IPendingChange
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Run(SqliteConnection connection, WriterTransaction transaction)
    {
        // It changes nothing.
    }

    public void Complete()
    {
        // It is made after the commit.
    }

    public void Fail(Exception reason) => _done.TrySetException(reason);

    /// <summary>Makes it, outside of a transaction.</summary>
    public void Copy(SqliteConnection connection)
    {
        try
        {
            using SqliteConnection copy = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            copy.Open();
            copy.Execute("PRAGMA synchronous=OFF"); // nobody wants it after a power cut
            connection.BackupDatabase(copy);
            _done.TrySetResult();
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            _done.TrySetException(e);
        }
    }
}
