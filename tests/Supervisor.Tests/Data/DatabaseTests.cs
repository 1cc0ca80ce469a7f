using Microsoft.Data.Sqlite;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Tests.Data;

public sealed class DatabaseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    private string File => Path.Join(_directory, "shimstackd.db");

    [Fact]
    public async Task AChangeThatFailsUndoesItselfAndNothingElseOfItsGroup()
    {
        await using (Database database = Database.Open(File))
        {
            Task good = database.WriteAsync(c => c.Execute("INSERT INTO namespaces VALUES ('a', x'')"));
            Task bad = database.WriteAsync(c =>
            {
                c.Execute("INSERT INTO namespaces VALUES ('b', x'')");
                throw new InvalidOperationException("no");
            });
            Task alsoGood = database.WriteAsync(c => c.Execute("INSERT INTO namespaces VALUES ('c', x'')"));
            await good;
            await alsoGood;
            await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        }

        await using Database again = Database.Open(File);
        List<string> names = await again.WriteAsync(c => c.Rows("SELECT name FROM namespaces ORDER BY name", r => r.GetString(0)));
        Assert.Equal(["a", "c"], names);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}
