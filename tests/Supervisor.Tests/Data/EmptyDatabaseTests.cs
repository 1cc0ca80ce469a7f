using Microsoft.Data.Sqlite;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Tests.Data;

public sealed class EmptyDatabaseTests : IDisposable
{
    private const int Mode = 0x180; // 0600

    private static readonly string[] Pragmas =
    [
        "user_version", "application_id", "journal_mode", "page_size", "encoding", "auto_vacuum", "integrity_check", "freelist_count",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    [Fact]
    public void TheImageIsWhatTheStepsMakeOfAnEmptyFile()
    {
        string made = Path.Join(_directory, "made.db");
        File.Create(made).Dispose();
        using (SqliteConnection connection = DatabaseFile.Open(made))
        {
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        string put = Path.Join(_directory, "put.db");
        EmptyDatabase.PutWhereNothingIs(put, Mode);
        if (Environment.GetEnvironmentVariable("SHIMSTACK_RECORD_EMPTY_DATABASE") is { Length: > 0 } record)
        {
            File.Copy(made, record, overwrite: true); // after a change of the schema: the absolute path of src/Supervisor/Data/empty.db
            return;
        }

        Assert.Equal(Contents(made), Contents(put));
    }

    [Fact]
    public void WhatIsThereStaysAsItIs()
    {
        string path = Path.Join(_directory, "there.db");
        File.WriteAllText(path, "something");
        EmptyDatabase.PutWhereNothingIs(path, Mode);
        Assert.Equal("something", File.ReadAllText(path));
        string link = Path.Join(_directory, "link.db");
        File.CreateSymbolicLink(link, "/nowhere");
        EmptyDatabase.PutWhereNothingIs(link, Mode);
        Assert.Equal("/nowhere", Files.ReadLink(link));
        Assert.Equal(["link.db", "there.db"], Directory.EnumerateFileSystemEntries(_directory).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void WhatAnUnfinishedStartHasLeftIsInNobodysWay()
    {
        string path = Path.Join(_directory, "new.db");
        string left = Path.Join(_directory, ".new.db.tmp");
        File.WriteAllText(left, new string('x', 200_000));
        EmptyDatabase.PutWhereNothingIs(path, Mode);
        using SqliteConnection connection = DatabaseFile.Open(path);
        Assert.Equal((long)Schema.Version, connection.Scalar("PRAGMA user_version"));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task WhatADatabaseThatWasMovedAwayHasLeftBesideItIsNotReadIntoTheNewOne()
    {
        string path = Path.Join(_directory, "moved.db");
        await using (Database database = Database.Open(path))
        {
            await database.WriteAsync(c => c.Execute("INSERT INTO namespaces (name, record) VALUES ('old', zeroblob(9000))"));
            File.Copy(path + "-wal", path + ".kept");
        }

        Assert.True(new FileInfo(path + ".kept").Length > 9000);
        File.Delete(path);
        File.Move(path + ".kept", path + "-wal", overwrite: true);
        await using Database anew = Database.Open(path);
        Assert.Equal(0L, await anew.WriteAsync(c => (long)c.Scalar("SELECT count(*) FROM namespaces")!));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static List<string> Contents(string path)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        List<string> contents = connection.Rows("SELECT type, name, sql FROM sqlite_master ORDER BY type, name", row => $"{row[0]} {row[1]} {row[2]}");
        foreach (string table in connection.Rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", row => row.GetString(0)))
        {
            contents.AddRange(connection.Rows($"SELECT * FROM {table}", row => $"{table}: {string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(i => row[i]))}"));
        }

        contents.AddRange(Pragmas.Select(pragma => $"{pragma}: {connection.Scalar($"PRAGMA {pragma}")}"));
        return contents;
    }
}
