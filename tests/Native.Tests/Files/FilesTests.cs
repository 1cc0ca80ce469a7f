using System.Text;

namespace ShimStack.NativeTests;

public sealed class FilesTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void AFailureNamesTheCallThePathAndTheError()
    {
        SyscallException failure = Assert.Throws<SyscallException>(() => Files.Open("/no/such/file", OpenFlags.O_RDONLY));
        Assert.Equal(Errno.ENOENT, failure.Errno);
        Assert.Equal("open", failure.Call);
        Assert.Equal("open /no/such/file: No such file or directory (ENOENT)", failure.Message);
    }

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        using (FileDescriptor file = Create("a"))
        {
            Assert.Equal(new IoResult(5, Errno.None), Files.Write(file, "hello"u8));
            Files.Sync(file);
        }

        using FileDescriptor again = Files.Open(_directory["a"], OpenFlags.O_RDONLY);
        byte[] buffer = new byte[16];
        Assert.Equal(5, Files.Read(again, buffer).Count);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, 5));
        Assert.True(Files.Read(again, buffer).IsEnd);
    }

    [Fact]
    public void AReadThatFailsIsAValue()
    {
        using FileDescriptor directory = Files.Open(_directory.Path, OpenFlags.O_DIRECTORY);
        Assert.Equal(Errno.EISDIR, Files.Read(directory, new byte[1]).Errno);
    }

    [Fact]
    public void AFileInADirectoryIsReadFromItsStartAsFarAsThereIsRoom()
    {
        File.WriteAllText(_directory["a"], "hello");
        using FileDescriptor directory = Files.Open(_directory.Path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        byte[] buffer = new byte[16];
        Assert.Equal((new IoResult(5, Errno.None), "hello"), (Files.ReadIn(directory, "a", buffer), Encoding.UTF8.GetString(buffer, 0, 5)));
        Assert.Equal(new IoResult(3, Errno.None), Files.ReadIn(directory, "a", buffer.AsSpan(0, 3)));
        Assert.Equal(new IoResult(0, Errno.ENOENT), Files.ReadIn(directory, "b", buffer));
        Assert.Equal(new IoResult(0, Errno.EISDIR), Files.ReadIn(directory, ".", buffer));
    }

    [Fact]
    public void EveryDescriptorIsClosedOnExec()
    {
        using FileDescriptor file = Create("a");
        using FileDescriptor copy = Files.Duplicate(file);
        Assert.True(IsClosedOnExec(file));
        Assert.True(IsClosedOnExec(copy));
        Assert.NotEqual(file.Number, copy.Number);
    }

    [Fact]
    public void DuplicateToReplacesWhatTheNumberWas()
    {
        using FileDescriptor first = Create("a");
        using FileDescriptor second = Create("b");
        Files.DuplicateTo(first, second.Number);
        Assert.Equal(Files.Status(first).Inode, Files.Status(second).Inode);
        Assert.True(IsClosedOnExec(second));
    }

    [Fact]
    public void NonBlockingCanBeSetAndCleared()
    {
        PipePair pipe = Pipe.Create();
        using FileDescriptor reader = pipe.ReadEnd;
        using FileDescriptor writer = pipe.WriteEnd;
        Assert.Equal(0, FlagsOf(reader) & (int)OpenFlags.O_NONBLOCK);
        Files.SetNonBlocking(reader, true);
        Assert.True(Files.Read(reader, new byte[1]).WouldBlock);
        Files.SetNonBlocking(reader, false);
        Assert.Equal(0, FlagsOf(reader) & (int)OpenFlags.O_NONBLOCK);
    }

    [Fact]
    public void OwnerAndModeAreSetWhateverTheUmask()
    {
        using FileDescriptor file = Create("a");
        Files.SetOwner(file, 12, 34);
        Files.SetMode(file, 0x1b6);
        Assert.Equal((0x1b6, 12u, 34u), ModeAndOwner("a"));
        Files.SetOwner(_directory["a"], 56, 78);
        Files.SetMode(_directory["a"], 0x1ff);
        Assert.Equal((0x1ff, 56u, 78u), ModeAndOwner("a"));
    }

    [Fact]
    public void StatusKnowsTheTypes()
    {
        Files.MakeFifo(_directory["fifo"], 0x180);
        Files.Symlink("fifo", _directory["link"]);
        Assert.Equal(FileType.Fifo, Files.Status(_directory["fifo"]).Type);
        Assert.Equal(FileType.Fifo, Files.Status(_directory["link"]).Type);
        Assert.Equal(FileType.Symlink, Files.TryLinkStatus(_directory["link"])!.Value.Type);
        Assert.Equal(FileType.Directory, Files.Status(_directory.Path).Type);
        FileStatus null_ = Files.Status("/dev/null");
        Assert.Equal((FileType.CharDevice, 0x103ul), (null_.Type, null_.Rdev));
        Assert.Equal("fifo", Files.ReadLink(_directory["link"]));
    }

    [Fact]
    public void StatusOfTheDescriptorIsThatOfThePath()
    {
        using FileDescriptor file = Create("a");
        Files.Write(file, "123"u8);
        Assert.Equal(Files.Status(_directory["a"]), Files.Status(file));
        Assert.Equal(3, Files.Status(file).Size);
    }

    [Fact]
    public void WhatIsAbsentHasNoStatus()
    {
        Create("a").Dispose();
        Assert.Null(Files.TryStatus(_directory["b"]));
        Assert.Null(Files.TryStatus(_directory["a/b"]));
        Assert.NotNull(Files.TryStatus(_directory["a"]));
        Assert.Equal(Errno.ENOENT, Assert.Throws<SyscallException>(() => Files.Status(_directory["b"])).Errno);
    }

    [Fact]
    public void NamesComeAndGo()
    {
        Files.MakeDirectory(_directory["d"], 0x1c0);
        Create("d/a").Dispose();
        Create("d/b").Dispose();
        Assert.Equal(Errno.ENOTEMPTY, Assert.Throws<SyscallException>(() => Files.RemoveDirectory(_directory["d"])).Errno);
        Files.Rename(_directory["d/a"], _directory["d/b"]);
        Assert.False(Files.TryUnlink(_directory["d/a"]));
        Assert.True(Files.TryUnlink(_directory["d/b"]));
        Assert.Equal(Errno.EISDIR, Assert.Throws<SyscallException>(() => Files.TryUnlink(_directory["d"])).Errno);
        Files.RemoveDirectory(_directory["d"]);
        Assert.Null(Files.TryStatus(_directory["d"]));
    }

    [Fact]
    public void RealPathFollowsSymlinks()
    {
        Create("a").Dispose();
        Files.Symlink("./../" + Path.GetFileName(_directory.Path) + "/a", _directory["link"]);
        Assert.Equal(_directory["a"], Files.RealPath(_directory["link"]));
        Assert.Equal(Errno.ENOENT, Assert.Throws<SyscallException>(() => Files.RealPath(_directory["b"])).Errno);
    }

    private FileDescriptor Create(string name) =>
        Files.Open(_directory[name], OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL, 0x180);

    private (int Mode, uint Uid, uint Gid) ModeAndOwner(string name)
    {
        FileStatus status = Files.Status(_directory[name]);
        return (status.Mode, status.Uid, status.Gid);
    }

    private static int FlagsOf(FileDescriptor fd) => LinuxCalls.fcntl(fd, LinuxCalls.F_GETFL, 0);

    internal static bool IsClosedOnExec(FileDescriptor fd) =>
        File.ReadAllText($"/proc/self/fdinfo/{fd.Number}").Contains("flags:\t02", StringComparison.Ordinal);
}
