using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ShimStack.Supervisor.Data;

/// <summary>
/// The durable records. One at a time changes them: whoever comes when nobody is at it, on its own thread, so that a change costs no way to another one;
/// what comes meanwhile goes into one transaction after that (group commit). Each change is below a savepoint of its own: one that fails undoes itself
/// and nothing else. A change is on record when its task has ended well.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>So many lots one caller commits for others; then a thread of nobody's goes on.</summary>
    private const int LotsOfOthers = 2;

    private readonly SqliteConnection _connection;
    private readonly WriterTransaction _transaction;
    private readonly ConcurrentQueue<IPendingChange> _changes = new();
    private readonly List<IPendingChange> _lot = [];
    private int _waiting; // those in the queue and in the lot; who makes it 1 is at it
    private volatile bool _isClosed;

    private Database(SqliteConnection connection)
    {
        _connection = connection;
        _transaction = new WriterTransaction(connection);
    }

    /// <summary>Opens the file, and makes or upgrades its tables.</summary>
    /// <exception cref="DatabaseException">It is corrupt, newer than this program, or cannot be opened.</exception>
    public static Database Open(string path) => new(DatabaseFile.Open(path));

    /// <summary>Runs <paramref name="change"/> in a transaction.</summary>
    /// <exception cref="SqliteException">It could not be made, or not be committed; then nothing of it is on record.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> change)
    {
        if (_isClosed)
        {
            return Task.FromException<T>(new ObjectDisposedException(nameof(Database)));
        }

        PendingChange<T> pending = new(change);
        Add(pending);
        return pending.Done;
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
        if (_isClosed)
        {
            return Task.FromException(new ObjectDisposedException(nameof(Database)));
        }

        PendingCopy copy = new(path);
        Add(copy);
        return copy.Done;
    }

    /// <summary>Commits what waits, and closes the file. Nobody may come any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }

        Task last = WriteAsync(_ => { });
        _isClosed = true;
        await last;
        _transaction.Dispose();
        await _connection.DisposeAsync();
    }

    private void Add(IPendingChange change)
    {
        _changes.Enqueue(change);
        if (Interlocked.Increment(ref _waiting) == 1)
        {
            Work();
        }
    }

    private void Work()
    {
        for (int lots = 0; ; lots++)
        {
            PendingCopy? copy = Take(Volatile.Read(ref _waiting));
            int taken = _lot.Count;
            Commit(_lot);
            copy?.Copy(_connection); // not in a transaction, which SQLite does not copy out of
            _lot.Clear();
            if (Interlocked.Add(ref _waiting, -taken) == 0)
            {
                return;
            }

            if (lots == LotsOfOthers)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static database => database.Work(), this, preferLocal: false);
                return;
            }
        }
    }

    // As many as are counted, which are in the queue for sure, and none after a copy.
    private PendingCopy? Take(int count)
    {
        PendingCopy? copy = null;
        while (_lot.Count < count && copy is null && _changes.TryDequeue(out IPendingChange? change))
        {
            copy = change as PendingCopy;
            _lot.Add(change);
        }

        return copy;
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
