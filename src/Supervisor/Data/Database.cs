using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace ShimStack.Supervisor.Data;

/// <summary>
/// The durable records. Changes are made by one writer, which takes all that wait into one transaction (group commit), each below a savepoint
/// of its own: one that fails undoes itself and nothing else. A change is on record when its task has ended well.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly WriterTransaction _transaction;
    private readonly Channel<IPendingChange> _changes = Channel.CreateUnbounded<IPendingChange>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;

    private Database(SqliteConnection connection)
    {
        _connection = connection;
        _transaction = new WriterTransaction(connection);
        _writer = WriteAsync();
    }

    /// <summary>Opens the file, and makes or upgrades its tables.</summary>
    /// <exception cref="DatabaseException">It is corrupt, newer than this program, or cannot be opened.</exception>
    public static Database Open(string path) => new(DatabaseFile.Open(path));

    /// <summary>Runs <paramref name="change"/> on the writer.</summary>
    /// <exception cref="SqliteException">It could not be made, or not be committed; then nothing of it is on record.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> change)
    {
        PendingChange<T> pending = new(change);
        return _changes.Writer.TryWrite(pending) ? pending.Done : Task.FromException<T>(new ObjectDisposedException(nameof(Database)));
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteConnection> change) => WriteAsync(connection =>
    {
        change(connection);
        return true;
    });

    /// <summary>Copies all that is on record to an empty file; changes wait meanwhile.</summary>
    /// <exception cref="SqliteException">It could not be copied.</exception>
    public Task CopyAsync(string path)
    {
        PendingCopy copy = new(path);
        return _changes.Writer.TryWrite(copy) ? copy.Done : Task.FromException(new ObjectDisposedException(nameof(Database)));
    }

    /// <summary>Commits what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _writer;
        _transaction.Dispose();
        await _connection.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        List<IPendingChange> group = [];
        while (await _changes.Reader.WaitToReadAsync())
        {
            PendingCopy? copy = null;
            while (copy is null && _changes.Reader.TryRead(out IPendingChange? change))
            {
                copy = change as PendingCopy;
                group.Add(change);
            }

            Commit(group);
            copy?.Copy(_connection); // not in a transaction, which SQLite does not copy out of
            group.Clear();
        }
    }

    private void Commit(List<IPendingChange> group)
    {
        try
        {
            _transaction.Begin();
            foreach (IPendingChange change in group)
            {
                change.Run(_connection, _transaction);
            }

            _transaction.Commit();
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            _transaction.Undo();
            group.ForEach(change => change.Fail(e));
            return;
        }

        group.ForEach(change => change.Complete());
    }
}
