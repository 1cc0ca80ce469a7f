using Microsoft.Data.Sqlite;

namespace ShimStack.Supervisor.Data;

/// <summary>The statements of one feature, each compiled when it is used first.</summary>
internal sealed class PreparedStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, PreparedStatement> _statements = new(ReferenceEqualityComparer.Instance); // no text is read through for that

    /// <summary>The statement for a text that the program holds; parameters are ?1, ?2, …</summary>
    public PreparedStatement Of(string sql)
    {
        if (!_statements.TryGetValue(sql, out PreparedStatement? statement))
        {
            _statements[sql] = statement = new PreparedStatement(connection, sql);
        }

        return statement;
    }

    public void Dispose()
    {
        foreach (PreparedStatement statement in _statements.Values)
        {
            statement.Dispose();
        }
    }
}
