using Microsoft.Data.Sqlite;
using ShimStack.Native.Mounts;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Hosting;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Data;

public sealed class DatabaseFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    private string FilePath => Path.Join(_directory, "shimstackd.db");

    [Fact]
    public async Task OnlyTheOwnerCanReadWhatIsMade()
    {
        await using Database database = Database.Open(FilePath);
        await database.WriteAsync(c => c.Execute("CREATE TABLE t (x)"));
        foreach (string file in Directory.GetFiles(_directory))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task AFileOfANewerVersionIsRefused()
    {
        await using (Database database = Database.Open(FilePath))
        {
            await database.WriteAsync(c => c.Execute("PRAGMA user_version=99"));
        }

        Assert.StartsWith($"{FilePath} is of version 99, this program knows {Schema.Version}: start the newer shimstackd", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoDatabaseIsRefusedAndLeftAsItIs()
    {
        string text = string.Concat(Enumerable.Repeat("this is no database\n", 100));
        File.WriteAllText(FilePath, text);
        Assert.Equal($"{FilePath} is no database: move it away to begin with an empty one", Fault());
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Fact]
    public void TheDatabaseOfAnotherProgramIsRefused()
    {
        using (SqliteConnection other = new($"Data Source={FilePath};Pooling=False"))
        {
            other.Open();
            other.Execute("CREATE TABLE theirs (x)");
        }

        Assert.Equal($"{FilePath} is the database of another program: choose another --root, or move it away", Fault());
    }

    [Fact]
    public async Task ACorruptFileIsRefused()
    {
        await using (Database database = Database.Open(FilePath))
        {
            await database.WriteAsync(c => c.Execute("INSERT INTO namespaces (name, record) VALUES ('a', zeroblob(100000))"));
        }

        using (FileStream file = File.OpenWrite(FilePath))
        {
            file.Position = 8192;
            file.Write(Enumerable.Repeat((byte)0xa5, 60_000).ToArray());
        }

        Assert.Matches($"^{FilePath} is corrupt: .*move it away to begin with an empty one$", Fault());
    }

    [Fact]
    public async Task AFileInUseIsRefused()
    {
        await using Database database = Database.Open(FilePath);
        await database.WriteAsync(c => c.Execute("INSERT INTO namespaces (name, record) VALUES ('a', x'')"));
        Assert.Equal($"{FilePath} is in use by another program", Fault());
    }

    [Fact]
    public void AFileThatCannotBeMadeIsNamed() =>
        Assert.StartsWith("/nowhere/shimstackd.db cannot be written: ", Assert.Throws<DatabaseException>(() => Database.Open("/nowhere/shimstackd.db")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task AFullDiskRefusesChangesLosesNothingAndIsForgottenWhenThereIsRoom()
    {
        Assert.SkipUnless(CurrentProcess.EffectiveUserId == 0, "mounts a tmpfs");
        MountPoint.Mount("tmpfs", _directory, "tmpfs", MountFlags.MS_NOSUID, "size=1m");
        try
        {
            await FillAndGoOnAsync();
        }
        finally
        {
            Assert.True(MountPoint.TryUnmount(_directory, UnmountFlags.MNT_DETACH, out _));
        }
    }

    [Fact]
    public void ADirectoryHasOneDaemon()
    {
        using OwnDirectory first = OwnDirectory.Claim(_directory, "root", UnixFileMode.UserRead);
        StartupException second = Assert.Throws<StartupException>(() => OwnDirectory.Claim(_directory, "root", UnixFileMode.UserRead));
        Assert.Equal($"another shimstackd uses {_directory}: stop it, or choose another --root", second.Message);
    }

    [Fact]
    public void ADirectoryThatOthersMayWriteIsRefused()
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0x1ff /* 0777 */);
        StartupException refused = Assert.Throws<StartupException>(() => OwnDirectory.Claim(_directory, "root", UnixFileMode.UserRead));
        Assert.Equal($"{_directory} may be written by others (mode 777): take that right away, or choose another --root", refused.Message);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task FillAndGoOnAsync()
    {
        await using Database database = Database.Open(FilePath);
        string ballast = Path.Join(_directory, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[500_000], TestContext.Current.CancellationToken);
        int made = 0;
        SqliteException? full = null;
        while (full is null && made < 1000)
        {
            int number = made;
            Task alone = database.WriteAsync(c => Insert(c, $"n{number}"));
            Task neighbour = database.WriteAsync(c => c.Scalar("SELECT count(*) FROM namespaces"));
            full = await Record.ExceptionAsync(() => alone) as SqliteException;
            await Record.ExceptionAsync(() => neighbour);
            made += full is null ? 1 : 0;
        }

        Assert.Equal(RpcCode.ResourceExhausted, DatabaseFaults.InCall(full!)?.Code);
        Assert.Equal((long)made, await database.WriteAsync(c => (long)c.Scalar("SELECT count(*) FROM namespaces")!));
        File.Delete(ballast);
        await database.WriteAsync(c => Insert(c, "again"));
        Assert.Equal(made + 1L, await database.WriteAsync(c => (long)c.Scalar("SELECT count(*) FROM namespaces")!));
    }

    private static int Insert(SqliteConnection connection, string name) =>
        connection.Execute("INSERT INTO namespaces (name, record) VALUES ($1, zeroblob(3000))", name);

    private string Fault() => Assert.Throws<DatabaseException>(() => Database.Open(FilePath)).Message;
}
