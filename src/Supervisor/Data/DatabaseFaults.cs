using Microsoft.Data.Sqlite;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Data;

/// <summary>What SQLite's errors mean to an operator and to a caller. See https://www.sqlite.org/rescode.html.</summary>
internal static class DatabaseFaults
{
    private const int SQLITE_PERM = 3;
    private const int SQLITE_BUSY = 5;
    private const int SQLITE_LOCKED = 6;
    private const int SQLITE_READONLY = 8;
    private const int SQLITE_IOERR = 10;
    private const int SQLITE_CORRUPT = 11;
    private const int SQLITE_FULL = 13;
    private const int SQLITE_CANTOPEN = 14;
    private const int SQLITE_NOTADB = 26;

    /// <summary>Why the file cannot be used at start, and what to do.</summary>
    public static DatabaseException AtStart(string path, SqliteException e) => new(
        e.SqliteErrorCode switch
        {
            SQLITE_NOTADB => $"{path} is no database: move it away to begin with an empty one",
            SQLITE_CORRUPT => $"{path} is corrupt: move it away to begin with an empty one",
            SQLITE_FULL => $"{path} cannot be used: its disk is full",
            SQLITE_BUSY or SQLITE_LOCKED => $"{path} is in use by another program",
            SQLITE_PERM or SQLITE_READONLY or SQLITE_CANTOPEN => $"{path} cannot be written: {e.Message}",
            _ => $"{path} cannot be used: {e.Message}",
        },
        e);

    /// <summary>What a caller is told whose change could not be made; null for a fault of ours.</summary>
    public static RpcException? InCall(SqliteException e) => e.SqliteErrorCode switch
    {
        SQLITE_FULL => RpcException.ResourceExhausted("the disk of the database is full: nothing of this call is on record"),
        SQLITE_READONLY or SQLITE_IOERR => RpcException.Unavailable($"the database cannot be written: {e.Message}: nothing of this call is on record"),
        _ => null,
    };
}
