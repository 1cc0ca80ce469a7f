namespace ShimStack.NativeTests;

public sealed class SpawnerTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -KILL $$", 128 + 9)]
    [InlineData("kill -TERM $$", 128 + 15)]
    public void TheStatusIsTheExitCodeOr128AndTheSignal(string script, int status) =>
        Assert.Equal(status, Child.WaitFor(Spawner.Spawn(Child.Shell(script))));

    [Fact]
    public void ArgumentsArriveAsTheyAre()
    {
        SpawnRequest request = Child.Request("/usr/bin/printf", "<%s>", "a b", "", "ü\n'\"");
        Assert.Equal("<a b><><ü\n'\">", Child.Run(request).Output);
    }

    [Fact]
    public void TheFirstArgumentNeedNotBeThePath()
    {
        SpawnRequest request = Child.Shell("") with { Arguments = ["my name", "-c", "echo $0"] };
        Assert.Equal("my name\n", Child.Run(request).Output);
    }

    [Fact]
    public void TheEnvironmentIsTheOneGivenAndNothingElse()
    {
        SpawnRequest request = Child.Request("/usr/bin/env") with { Environment = ["A=1", "B=two words", "C="] };
        Assert.Equal("A=1\nB=two words\nC=\n", Child.Run(request).Output);
    }

    [Fact]
    public void AStringWithANulIsRefused() => Assert.Throws<ArgumentException>(() => Spawner.Spawn(Child.Shell("echo a\0b")));

    [Fact]
    public void TheWorkingDirectoryIsTheOneGiven()
    {
        Assert.Equal("/usr/bin\n", Child.Run(Child.Request("/bin/pwd") with { WorkingDirectory = "/usr/bin" }).Output);
        Assert.Equal(Directory.GetCurrentDirectory() + "\n", Child.Run(Child.Request("/bin/pwd")).Output);
    }

    [Fact]
    public void TheProcessGroupIsItsOwnOrOurs()
    {
        const string Script = "read pid comm state ppid pgrp rest < /proc/self/stat; echo $((pgrp == pid))";
        Assert.Equal("1\n", Child.Run(Child.Shell(Script) with { NewProcessGroup = true }).Output);
        Assert.Equal("0\n", Child.Run(Child.Shell(Script)).Output);
    }

    [Fact]
    public void NoSignalIsBlockedOrIgnoredInTheChild() => SignalDescriptorTests.OnOwnThread(() =>
    {
        using SignalDescriptor blocked = SignalDescriptor.Create([Signal.SIGCHLD, Signal.SIGTERM]);
        // The runtime's own doing; whoever started the tests may have more ignored (a shell does so for what runs in the background).
        Assert.Matches("SigIgn:\t[0-9a-f]{12}[13579bdf]", File.ReadAllText("/proc/thread-self/status"));
        Assert.Contains("SigBlk:\t0000000000014000", File.ReadAllText("/proc/thread-self/status"), StringComparison.Ordinal);
        string status = Child.Run(Child.Request("/bin/cat", "/proc/self/status")).Output;
        Assert.Contains("SigIgn:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000014000", File.ReadAllText("/proc/thread-self/status"), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("/no/such/program", Errno.ENOENT)]
    [InlineData("/etc/passwd", Errno.EACCES)]
    [InlineData("/", Errno.EACCES)]
    public void AProgramThatCannotBeExecutedIsAnExceptionOfExecve(string path, Errno errno)
    {
        SyscallException failure = Assert.Throws<SyscallException>(() => Spawner.Spawn(Child.Request(path)));
        Assert.Equal(("execve", errno), (failure.Call, failure.Errno));
        Assert.StartsWith($"execve {path}: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingWorkingDirectoryIsAnExceptionOfChdir()
    {
        SpawnRequest request = Child.Shell("") with { WorkingDirectory = "/no/such" };
        SyscallException failure = Assert.Throws<SyscallException>(() => Spawner.Spawn(request));
        Assert.Equal("chdir /no/such: No such file or directory (ENOENT)", failure.Message);
    }

    [Fact]
    public void MoreThan64DescriptorsAreRefused()
    {
        using FileDescriptor file = Files.Open("/dev/null", OpenFlags.O_RDWR);
        SpawnDescriptor[] descriptors = [.. Enumerable.Range(0, 65).Select(i => new SpawnDescriptor(file, i))];
        SpawnRequest request = Child.Shell("") with { Descriptors = descriptors };
        Assert.Equal(Errno.EMFILE, Assert.Throws<SyscallException>(() => Spawner.Spawn(request)).Errno);
    }

    [Fact]
    public void AClosedDescriptorIsRefusedBeforeAnythingIsStarted()
    {
        FileDescriptor file = Files.Open("/dev/null", OpenFlags.O_RDWR);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Spawner.Spawn(Child.Shell("") with { Descriptors = [new(file, 3)] }));
    }

    [Fact]
    public void AFailedSpawnLeavesNoZombie() => Scenarios.RunInProcess(ProcessScenarios.FailsToSpawn);

    [Fact]
    public void ManySpawnsAtOnceGetTheirOwnOutput()
    {
        const int Count = 8;
        string[] outputs = new string[Count];
        void Run(int i) => outputs[i] = Child.Run(Child.Shell($"echo {i}")).Output;
        Thread[] threads = [.. Enumerable.Range(0, Count).Select(i => new Thread(() => Run(i)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}\n"), outputs);
    }
}
