using Microsoft.Data.Sqlite;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Tests.Upgrade;

/// <summary>`shimstackd --check-state`, on a copy of a database in use, and on the database of a daemon that does not run.</summary>
public sealed class StoredStateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    private SupervisorSettings Settings => new() { Root = _directory };

    private string Copy => Path.Join(_directory, "copy.db");

    [Fact]
    public async Task ACopyIsMadeWhileTheDatabaseIsUsedAndCanBeServed()
    {
        await using Database database = Database.Open(Settings.DatabasePath);
        Task[] changes = [.. Enumerable.Range(0, 50).Select(n => database.WriteAsync(c => c.Execute("INSERT INTO namespaces (name, record) VALUES ($1, x'')", $"n{n}")))];
        await database.CopyAsync(Copy);
        await Task.WhenAll(changes);
        Assert.Equal(Settings.Root, StoredState.Check(Settings, Copy).Places["root"]);
        using SqliteConnection copy = new($"Data Source={Copy};Pooling=False");
        copy.Open();
        Assert.Equal(50L, copy.Scalar("SELECT count(*) FROM namespaces"));
    }

    [Fact]
    public async Task ANewerDatabaseIsRefusedAndLeftAsItIs()
    {
        await using (Database database = Database.Open(Settings.DatabasePath))
        {
            await database.WriteAsync(c => c.Execute("PRAGMA user_version=99"));
        }

        byte[] before = await File.ReadAllBytesAsync(Settings.DatabasePath, TestContext.Current.CancellationToken);
        string fault = Assert.Throws<DatabaseException>(() => StoredState.Check(Settings, "")).Message;
        Assert.Contains($"is of version 99, this program knows {Schema.Version}", fault, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Settings.DatabasePath, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(_directory, "upgrade-check*"));
    }

    [Fact]
    public async Task ARecordThatCannotBeReadIsRefused()
    {
        await using Database database = Database.Open(Settings.DatabasePath);
        await database.WriteAsync(c => c.Execute("INSERT INTO containers (namespace, id, record) VALUES ('a', 'b', x'ff')"));
        await database.CopyAsync(Copy);
        Assert.Throws<DatabaseException>(() => StoredState.Check(Settings, Copy));
    }

    [Fact]
    public void AGroupThatIsGoneIsRefused() =>
        Assert.Throws<StartupException>(() => StoredState.Check(Settings with { Group = "nobody-has-this-group" }, ""));

    [Fact]
    public void AnAddressThatMakesNoSenseIsRefused()
    {
        Assert.Throws<StartupException>(() => StoredState.Check(Settings with { MetricsAddress = "somewhere" }, ""));
        Assert.Throws<StartupException>(() => StoredState.Check(Settings with { TracesEndpoint = "somewhere" }, ""));
    }

    [Fact]
    public async Task ACopyThatCannotBeMadeIsAnError()
    {
        await using Database database = Database.Open(Settings.DatabasePath);
        await Assert.ThrowsAsync<SqliteException>(() => database.CopyAsync("/no/such/copy.db"));
        await database.WriteAsync(c => c.Execute("INSERT INTO namespaces (name, record) VALUES ('a', x'')")); // and the writer goes on
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
