using System.Runtime.InteropServices;

namespace ShimStack.NativeTests;

/// <summary>Run by <see cref="Scenarios"/> in processes of their own.</summary>
internal static unsafe class ProcessScenarios
{
    private const int WNOWAIT = 0x1000000;

    internal static void ReapsEverybody(string[] arguments)
    {
        Assert.False(ChildWait.TryNext(out _));
        PipePair gate = Pipe.Create();
        int first = Spawner.Spawn(Child.Shell("exit 7"));
        int second = Spawner.Spawn(Child.Shell("kill -KILL $$"));
        int waiting = Spawner.Spawn(Child.Shell("read x; exit 3") with { Descriptors = [new(gate.ReadEnd, 0)] });
        Child.WaitForEnd(first);
        Child.WaitForEnd(second);
        HashSet<ChildExit> exits = [Next(), Next()];
        Assert.Equal([new ChildExit(first, 7), new ChildExit(second, 128 + 9, Signal: 9)], exits);
        Assert.False(ChildWait.TryNext(out _));
        gate.WriteEnd.Dispose();
        Child.WaitForEnd(waiting);
        Assert.Equal(new ChildExit(waiting, 3), Next());
        Assert.False(ChildWait.TryNext(out _));
    }

    internal static void AdoptsOrphans(string[] arguments)
    {
        CurrentProcess.BecomeSubreaper();
        PipePair gate = Pipe.Create();
        SpawnRequest forks = Child.Shell("(read x <&3; exit 5) >/dev/null & echo $!") with { Descriptors = [new(gate.ReadEnd, 3)] };
        int orphan = int.Parse(Child.Run(forks).Output, null);
        Assert.False(ChildWait.TryNext(out _));
        gate.WriteEnd.Dispose();
        Child.WaitForEnd(orphan);
        Assert.Equal(new ChildExit(orphan, 5), Next());
    }

    internal static void FailsToSpawn(string[] arguments)
    {
        Assert.Throws<SyscallException>(() => Spawner.Spawn(Child.Request("/no/such/program")));
        ChildInfo info;
        Assert.Equal(-1, LinuxCalls.waitid(LinuxCalls.P_ALL, 0, &info, LinuxCalls.WEXITED | LinuxCalls.WNOHANG | WNOWAIT));
        Assert.Equal((int)Errno.ECHILD, Marshal.GetLastPInvokeError());
    }

    /// <summary>
    /// Spawns cat from descriptor 3 to 4, says its pid, and ends when it is killed or its stdin is closed. Argument: die or live.
    /// </summary>
    internal static void SpawnsAndWaitsForStdin(string[] arguments)
    {
        using (FileDescriptor gate = Files.Open("/proc/self/fd/3", OpenFlags.O_RDONLY))
        using (FileDescriptor echo = Files.Open("/proc/self/fd/4", OpenFlags.O_WRONLY))
        {
            SpawnRequest request = Child.Request("/bin/cat") with { Descriptors = [new(gate, 0), new(echo, 1)], DieWithParent = arguments[0] == "die" };
            Scenarios.Write($"{Spawner.Spawn(request)}");
        }

        using FileDescriptor input = Files.Open("/proc/self/fd/0", OpenFlags.O_RDONLY);
        Files.Read(input, new byte[1]);
    }

    internal static void SurvivesABrokenPipe(string[] arguments)
    {
        const nint SIG_DFL = 0;
        LinuxCalls.signal((int)Signal.SIGPIPE, SIG_DFL);
        CurrentProcess.IgnoreBrokenPipe();
        PipePair pipe = Pipe.Create();
        pipe.ReadEnd.Dispose();
        Assert.Equal(Errno.EPIPE, Files.Write(pipe.WriteEnd, "x"u8).Errno);
    }

    internal static void SetsTheUmask(string[] arguments)
    {
        CurrentProcess.SetUmask(0x3f);
        Assert.Equal(0x3f, CurrentProcess.SetUmask(0x12));
        using TempDirectory directory = new();
        Files.MakeDirectory(directory["d"], 0x1ff);
        Assert.Equal(0x1ff & ~0x12, Files.Status(directory["d"]).Mode);
    }

    /// <summary>Says the error if the kernel has no core scheduling.</summary>
    internal static void SharesCoresWithNobody(string[] arguments)
    {
        try
        {
            CurrentProcess.CreateCoreSchedulingGroup();
        }
        catch (SyscallException failure) when (failure.Errno is Errno.EINVAL or Errno.ENODEV)
        {
            Scenarios.Write(failure.Message);
            return;
        }

        ulong cookie = 0;
        Assert.Equal(0, LinuxCalls.prctl(LinuxCalls.PR_SCHED_CORE, 0, 0, 0, (nuint)(&cookie)));
        Assert.NotEqual(0ul, cookie);
    }

    internal static void LeavesTheReaperAloneWhileMakingANamespace(string[] arguments)
    {
        using SignalDescriptor signals = SignalDescriptor.Create([Signal.SIGCHLD]);
        using FileDescriptor space = Native.Mounts.IdmappedMounts.CreateUserNamespace([new(0, 100_000, 65_536)], [new(0, 200_000, 1)]);
        Assert.False(signals.TryRead(out _));
        ChildInfo info;
        const int WALL = 0x40000000;
        Assert.Equal(-1, LinuxCalls.waitid(LinuxCalls.P_ALL, 0, &info, LinuxCalls.WEXITED | LinuxCalls.WNOHANG | WALL));
        Assert.StartsWith("user:[", Files.ReadLink($"/proc/self/fd/{space.Number}"), StringComparison.Ordinal);
        Assert.NotEqual(Files.ReadLink("/proc/self/ns/user"), Files.ReadLink($"/proc/self/fd/{space.Number}"));
    }

    private static ChildExit Next()
    {
        Assert.True(ChildWait.TryNext(out ChildExit exit));
        return exit;
    }
}
