using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;

namespace ShimStack.Supervisor.Data;

/// <summary>One change that waits for its transaction.</summary>
internal interface IPendingChange
{
    /// <summary>Makes the change below a savepoint; a failure of it is kept for <see cref="Complete"/>.</summary>
    /// <exception cref="SqliteException">The transaction itself is broken.</exception>
    void Run(SqliteConnection connection, WriterTransaction transaction);

    /// <summary>The transaction is committed.</summary>
    void Complete();

    /// <summary>The transaction is undone.</summary>
    void Fail(Exception reason);
}

/// <inheritdoc/>
internal sealed class PendingChange<T>(Func<SqliteConnection, T> change) : IPendingChange
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private Exception? _failure;

    public Task<T> Done => _done.Task;

    public void Run(SqliteConnection connection, WriterTransaction transaction)
    {
        transaction.Save();
        try
        {
            _result = change(connection);
            transaction.Release();
        }
        catch (Exception e)
        {
            _failure = e;
            UndoOnly(transaction, e);
        }
    }

    // A full disk ends the whole transaction by itself, and then there is no savepoint any more: the reason is the first error.
    private static void UndoOnly(WriterTransaction transaction, Exception reason)
    {
        try
        {
            transaction.UndoToSave();
        }
        catch (Exception e) when (reason is SqliteException && e is SqliteException or InvalidOperationException)
        {
            ExceptionDispatchInfo.Throw(reason);
        }
    }

    public void Complete()
    {
        if (_failure is null)
        {
            _done.SetResult(_result);
        }
        else
        {
            _done.SetException(_failure);
        }
    }

    public void Fail(Exception reason) => _done.SetException(_failure ?? reason);
}
