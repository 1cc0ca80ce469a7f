namespace ShimStack.NativeTests;

public sealed class ProcessTests
{
    [Fact]
    public void TheReaperTakesEveryEndOnce() => Scenarios.RunInProcess(ProcessScenarios.ReapsEverybody);

    [Fact]
    public void ASubreaperGetsOrphans() => Scenarios.RunInProcess(ProcessScenarios.AdoptsOrphans);

    [Fact]
    public void ABrokenPipeIsAnErrorAndNoDeath() => Scenarios.RunInProcess(ProcessScenarios.SurvivesABrokenPipe);

    [Fact]
    public void TheUmaskIsSetAndTheOldOneReturned() => Scenarios.RunInProcess(ProcessScenarios.SetsTheUmask);

    [Fact]
    public void ACoreSchedulingGroupHasACookie()
    {
        string refused = Scenarios.RunInProcess(ProcessScenarios.SharesCoresWithNobody);
        Assert.SkipWhen(refused.Length > 0, refused);
    }

    [Fact]
    public void WeKnowWhoWeAre()
    {
        Assert.Equal(Environment.ProcessId, CurrentProcess.Id);
        Assert.Equal(Environment.ProcessPath, CurrentProcess.ExecutablePath);
        Assert.Equal((0u, 0u), (CurrentProcess.EffectiveUserId, CurrentProcess.EffectiveGroupId));
        Assert.Equal($"{CurrentProcess.Id}\n", Child.Run(Child.Shell("echo $PPID")).Output);
        Assert.Contains($"PPid:\t{CurrentProcess.ParentId}\n", File.ReadAllText("/proc/self/status"), StringComparison.Ordinal);
    }

    [Fact]
    public void AThreadCanHaveAWorkingDirectoryOfItsOwn()
    {
        string before = Files.ReadLink("/proc/self/cwd");
        SignalDescriptorTests.OnOwnThread(() =>
        {
            CurrentProcess.UnshareFileSystem();
            CurrentProcess.ChangeDirectory("/usr/bin");
            Assert.Equal("/usr/bin", Files.ReadLink("/proc/thread-self/cwd"));
        });
        Assert.Equal(before, Files.ReadLink("/proc/self/cwd"));
        Assert.Equal(Errno.ENOENT, Assert.Throws<SyscallException>(() => CurrentProcess.ChangeDirectory("/no/such")).Errno);
    }

    [Fact]
    public void AProcessExistsUntilItIsReaped()
    {
        int pid = Spawner.Spawn(Child.Shell("exit 0"));
        Child.WaitForEnd(pid);
        using PidDescriptor process = PidDescriptor.Open(pid);
        Assert.True(ProcessSignals.Exists(pid));
        Child.WaitFor(pid);
        Assert.False(ProcessSignals.Exists(pid));
        Assert.Equal(Errno.ESRCH, Assert.Throws<SyscallException>(() => ProcessSignals.Send(pid, 0)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<SyscallException>(() => process.Send(0)).Errno);
    }

    [Theory, InlineData("exit 7", 7), InlineData("kill -9 $$", 137)]
    public void WhoeverHoldsAProcessLearnsHowItEndedOnceItIsReaped(string script, int status)
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 15), "the kernel does not keep that before 6.15");
        int pid = Spawner.Spawn(Child.Shell(script));
        using PidDescriptor process = PidDescriptor.Open(pid);
        Child.WaitForEnd(pid);
        Assert.Null(process.TryExitStatus());
        Assert.Equal(status, Child.WaitFor(pid));
        Assert.Equal(status, process.TryExitStatus());
    }

    [Fact]
    public void AProgramIsFoundInThePath()
    {
        Assert.Equal("/bin/sh", ExecutablePath.Find("sh", "relative:/no/such:/bin/:/usr/bin"));
        Assert.Equal("/bin/sh", ExecutablePath.Find("/bin/sh", null));
        Assert.Null(ExecutablePath.Find("sh", "/etc"));
        Assert.Null(ExecutablePath.Find("sh", null));
        Assert.Null(ExecutablePath.Find("", "/bin"));
        Assert.Null(ExecutablePath.Find("passwd", "/etc"));
        Assert.Null(ExecutablePath.Find("/etc/passwd", "/bin"));
        Assert.Null(ExecutablePath.Find("bin", "/usr"));
    }

    [Fact]
    public void TheConstructorBlocksTheSignalsOfTheSignalDescriptor()
    {
        using TempDirectory directory = new();
        string program = directory["program"];
        string early = Path.Combine(AppContext.BaseDirectory, "early_signals.o");
        const string Source = "int main(void) { execl(\"/bin/cat\", \"cat\", \"/proc/self/status\", (char *)0); }";
        string build = $"echo '{Source}' | gcc -include unistd.h -x c - -x none {early} -o {program}";
        Assert.Equal(0, Child.Run(Child.Shell(build)).Status);
        Assert.Contains("SigBlk:\t0000000000014202\n", Child.Run(Child.Request(program)).Output, StringComparison.Ordinal);
    }
}
