using Microsoft.Data.Sqlite;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Events;

/// <summary>
/// The line in which everything waits that has a place in the journal's order. What waits is one change of the database; when that is
/// committed, each is told in turn, and only then the next change is made: while one lot is committed the next gathers. A change that fails is
/// tried again piece by piece, so that one bad piece fails alone.
/// </summary>
internal sealed class JournalLine(Database database, int length, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private List<IJournalEntry> _waiting = [];
    private bool _isMoving;
    private JournalTables? _tables;

    /// <summary>Adds to the end of the line.</summary>
    /// <param name="write">Makes the change, on the database's writer.</param>
    /// <param name="committed">Is told when it is on record, in the order of the line.</param>
    /// <returns>Ends when it is on record.</returns>
    public Task<T> AddAsync<T>(Func<JournalTables, T> write, Action<T>? committed = null)
    {
        JournalEntry<T> entry = new(write, committed);
        lock (_gate)
        {
            _waiting.Add(entry);
            if (_isMoving)
            {
                return entry.Done;
            }

            _isMoving = true;
        }

        // Beside who adds: it commits for all who come meanwhile, and must not be one that has something else to do.
        Begin();
        return entry.Done;
    }

    /// <summary>Ends when all that waits is on record.</summary>
    public async ValueTask DisposeAsync()
    {
        await AddAsync(_ => true);
        await database.WriteAsync(_ =>
        {
            _tables?.Dispose();
            _tables = null;
        });
    }

    private void Begin() => ThreadPool.UnsafeQueueUserWorkItem(static line => _ = line.MoveAsync(), this, preferLocal: false);

    private async Task MoveAsync()
    {
        try
        {
            List<IJournalEntry> lot = Take();
            if (!await TryCommitAsync(lot))
            {
                await CommitEachAsync(lot);
            }

            // Who waits goes on beside the line, all of a lot in one work item: most only send an answer.
            ThreadPool.UnsafeQueueUserWorkItem(static done => done.ForEach(entry => entry.Complete()), lot, preferLocal: false);
            if (TryGoOn())
            {
                Begin(); // behind what the thread pool has to do, and that is most often to read more events: for the same work a larger lot
            }
        }
        catch (Exception e)
        {
            // Nobody would ever be told anything again: a new daemon does better.
            logger.JournalFailed(e);
            Environment.FailFast("the journal has failed", e);
        }
    }

    private List<IJournalEntry> Take()
    {
        lock (_gate)
        {
            List<IJournalEntry> lot = _waiting;
            _waiting = new List<IJournalEntry>(lot.Count);
            return lot;
        }
    }

    // False: nothing waits, and who comes next begins.
    private bool TryGoOn()
    {
        lock (_gate)
        {
            return _isMoving = _waiting.Count > 0;
        }
    }

    private async Task CommitEachAsync(List<IJournalEntry> lot)
    {
        foreach (IJournalEntry entry in lot)
        {
            await TryCommitAsync([entry]);
        }
    }

    /// <returns>False: nothing is on record, and it is worth the while to try each alone.</returns>
    private async Task<bool> TryCommitAsync(List<IJournalEntry> lot)
    {
        try
        {
            await database.WriteAsync(connection => Write(connection, lot));
        }
        catch (Exception) when (lot.Count > 1)
        {
            return false;
        }
        catch (Exception e)
        {
            lot[0].Fail(e);
            return true;
        }

        _tables?.Committed();
        foreach (IJournalEntry entry in lot)
        {
            entry.Committed();
        }

        return true;
    }

    private void Write(SqliteConnection connection, List<IJournalEntry> lot)
    {
        _tables ??= new JournalTables(connection, length);
        _tables.Begin();
        foreach (IJournalEntry entry in lot)
        {
            entry.Write(_tables);
        }

        _tables.Trim();
    }
}
