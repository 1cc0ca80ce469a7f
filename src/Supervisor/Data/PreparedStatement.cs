using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ShimStack.Supervisor.Data;

/// <summary>
/// A statement that is compiled once and run often, for what happens with each event. It takes part in whatever transaction its connection is
/// in, so it runs on the database's writer only.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    /// <summary>Texts of up to so many characters, as ids and names are, become UTF-8 without an array of their own.</summary>
    private const int MaxShort = 128;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new ObjectDisposedException(nameof(SqliteConnection));
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public PreparedStatement Bind(int index, string value)
    {
        if (value.Length is 0 or > MaxShort)
        {
            Check(raw.sqlite3_bind_text(_statement, index, value)); // an empty span would be NULL
            return this;
        }

        Span<byte> text = stackalloc byte[MaxShort * 3];
        Check(raw.sqlite3_bind_text(_statement, index, text[..Encoding.UTF8.GetBytes(value, text)]));
        return this;
    }

    public PreparedStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public PreparedStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it has changed.</returns>
    /// <exception cref="SqliteException">It has failed.</exception>
    public int Run()
    {
        using (Rows())
        {
            Step();
            return raw.sqlite3_changes(_database);
        }
    }

    /// <summary>Goes to the next row, or to the first. Within <see cref="Rows"/>.</summary>
    /// <exception cref="SqliteException">It has failed.</exception>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        SqliteException.ThrowExceptionForRC(result, _database);
        return false;
    }

    /// <summary>The rows, for <see cref="Step"/>; ends with the disposal, after which it can be bound and run again.</summary>
    public Running Rows() => new(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);

    /// <summary>A run of the statement.</summary>
    public readonly ref struct Running(sqlite3_stmt statement)
    {
        // Its result is the failure that Step has thrown already.
        public void Dispose() => raw.sqlite3_reset(statement);
    }
}
