namespace ShimStack.NativeTests;

/// <summary>The child is cat, stopped in a read: what it has open is read from /proc.</summary>
public sealed class SpawnDescriptorTests : IDisposable
{
    private const int F_DUPFD = 0;

    private readonly TempDirectory _directory = new();
    private readonly PipePair _input = Pipe.Create();
    private readonly PipePair _output = Pipe.Create();

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void TheChildHasWhatWasNamedAndNothingElse()
    {
        using FileDescriptor a = Create("a");
        using FileDescriptor b = Create("b");
        using FileDescriptor inherited = FileDescriptor.Take(LinuxCalls.fcntl(a, F_DUPFD, 0));
        Assert.Equal([(2, "/dev/null"), (3, _directory["a"]), (7, _directory["b"])], OpenInChild(new(a, 3), new(b, 7)));
    }

    [Fact]
    public void WhatWouldBeInheritedBelowTheHighestTargetIsClosedToo()
    {
        using FileDescriptor a = Create("a");
        using FileDescriptor inherited = FileDescriptor.Take(LinuxCalls.fcntl(a, F_DUPFD, 0));
        int target = inherited.Number + 1;
        Assert.Equal([(2, "/dev/null"), (target, _directory["a"])], OpenInChild(new SpawnDescriptor(a, target)));
    }

    [Fact]
    public void TheSameSourceMayHaveTwoTargets()
    {
        using FileDescriptor a = Create("a");
        Assert.Equal([(2, _directory["a"]), (3, _directory["a"])], OpenInChild(new(a, 3), new(a, 2)));
    }

    [Fact]
    public void SourcesAndTargetsMayBeTheSameNumbersCrosswise()
    {
        using FileDescriptor a = Create("a");
        using FileDescriptor b = Create("b");
        using FileDescriptor c = Create("c");
        (int, string)[] expected =
            [(2, "/dev/null"), (a.Number, _directory["b"]), (b.Number, _directory["c"]), (c.Number, _directory["a"])];
        Assert.Equal(expected.OrderBy(e => e.Item1), OpenInChild(new(b, a.Number), new(c, b.Number), new(a, c.Number)));
    }

    [Fact]
    public void ASourceThatIsItsOwnTargetStaysOpen()
    {
        using FileDescriptor a = Create("a");
        Assert.Equal([(2, "/dev/null"), (a.Number, _directory["a"])], OpenInChild(new SpawnDescriptor(a, a.Number)));
    }

    [Fact]
    public void OurOwnDescriptorsStayAsTheyAre()
    {
        using FileDescriptor a = Create("a");
        OpenInChild(new SpawnDescriptor(a, 3));
        Assert.True(FilesTests.IsClosedOnExec(a));
        Assert.Equal(_directory["a"], Files.ReadLink($"/proc/self/fd/{a.Number}"));
    }

    [Fact]
    public void WithoutAnyNamedTheThreeAreTheNullDevice()
    {
        SpawnRequest request = Child.Shell(
            "for fd in 0 1 2; do test /dev/null -ef /proc/$$/fd/$fd || exit 1; done; read x && exit 2; exit 0");
        Assert.Equal(0, Child.WaitFor(Spawner.Spawn(request)));
    }

    private FileDescriptor Create(string name) => Files.Open(_directory[name], OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0x180);

    /// <summary>
    /// What is open in a child in the order of the numbers, without its 0 and 1. The echo says that it has been loaded and is reading
    /// again.
    /// </summary>
    private List<(int Number, string Path)> OpenInChild(params SpawnDescriptor[] descriptors)
    {
        descriptors = [new(_input.ReadEnd, 0), new(_output.WriteEnd, 1), .. descriptors];
        SpawnRequest request = Child.Request("/bin/cat") with { Descriptors = descriptors };
        int pid = Spawner.Spawn(request);
        Files.Write(_input.WriteEnd, "x"u8);
        Assert.Equal("x", Child.ReadSome(_output.ReadEnd));
        List<(int, string)> open = [];
        foreach (string entry in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd"))
        {
            int number = int.Parse(Path.GetFileName(entry), null);
            if (number > 1)
            {
                open.Add((number, Files.ReadLink(entry)));
            }
        }

        ProcessSignals.Send(pid, (int)Signal.SIGKILL);
        Assert.Equal(128 + 9, Child.WaitFor(pid));
        return [.. open.OrderBy(e => e.Item1)];
    }
}
