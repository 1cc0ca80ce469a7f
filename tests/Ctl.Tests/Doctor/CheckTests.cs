using ShimStack.Ctl.Doctor;
using ShimStack.Ctl.Doctor.Checks;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Tests.Kernel;
using ShimStack.Native.Mounts;

namespace ShimStack.Ctl.Tests.Doctor;

public sealed class CheckTests
{
    private const string AllV1 = "c /cg/all cgroup rw,cpu,memory,pids,freezer,devices 0 0\n";
    private const string V2 = "c /cg cgroup2 rw 0 0\n";

    private static readonly DaemonFacts Answering = new()
    {
        Version = "1.2.3",
        Namespaces = ["ns"],
        Containers = new HashSet<string> { "ns/a" },
        Tasks = new Dictionary<string, int> { ["ns/a"] = 7 },
    };

    [Theory]
    [InlineData("6.1.0-18-amd64", Verdict.Ok)]
    [InlineData("5.10.0", Verdict.Warning)]
    [InlineData("4.19.0", Verdict.Failure)]
    [InlineData("", Verdict.Warning)]
    internal void TheKernelIsYoungEnough(string release, Verdict verdict)
    {
        using KernelTree tree = new KernelTree().With("/proc/sys/kernel/osrelease", release + "\n");
        Assert.Equal(verdict, Look(new KernelCheck(), tree).Verdict);
    }

    [Theory]
    [InlineData(AllV1, "", Verdict.Ok)]
    [InlineData("c /cg/memory cgroup rw,memory 0 0\n", "", Verdict.Warning)]
    [InlineData(V2, "cpuset cpu io memory pids", Verdict.Ok)]
    [InlineData(V2, "cpu", Verdict.Warning)]
    [InlineData("proc /proc proc rw 0 0\n", "", Verdict.Failure)]
    internal void ContainersCanBeCountedAndLimited(string mounts, string controllers, Verdict verdict)
    {
        using KernelTree tree = new KernelTree().With("/proc/self/mounts", mounts).With("/cg/cgroup.controllers", controllers + "\n");
        Assert.Equal(verdict, Look(new CgroupCheck(), tree).Verdict);
    }

    [Theory]
    [InlineData("/proc/filesystems", "nodev\toverlay\n", typeof(OverlayCheck), Verdict.Ok)]
    [InlineData("/proc/filesystems", "nodev\tproc\n", typeof(OverlayCheck), Verdict.Warning)]
    [InlineData("/proc/sys/user/max_user_namespaces", "0\n", typeof(UserNamespaceCheck), Verdict.Warning)]
    [InlineData("/proc/sys/user/max_user_namespaces", "9\n", typeof(UserNamespaceCheck), Verdict.Ok)]
    [InlineData("/proc/sys/kernel/seccomp/actions_avail", "allow\n", typeof(SeccompCheck), Verdict.Ok)]
    [InlineData("/none", "", typeof(SeccompCheck), Verdict.Warning)]
    [InlineData("/proc/sys/vm/memfd_noexec", "2\n", typeof(MemoryFileCheck), Verdict.Failure)]
    [InlineData("/proc/sys/vm/memfd_noexec", "0\n", typeof(MemoryFileCheck), Verdict.Ok)]
    [InlineData("/proc/self/status", "CapEff:\t000001ffffffffff\n", typeof(OutOfMemoryCheck), Verdict.Ok)]
    [InlineData("/proc/self/status", "CapEff:\t00000000a80425fb\n", typeof(OutOfMemoryCheck), Verdict.Warning)]
    [InlineData("/proc/self/limits", "Max open files            1024                 4096                 files     \n", typeof(LimitCheck), Verdict.Warning)]
    [InlineData("/proc/self/limits", "Max open files            unlimited            unlimited            files     \n", typeof(LimitCheck), Verdict.Ok)]
    [InlineData("/run/systemd/none", "", typeof(UnitCheck), Verdict.Ok)]
    [InlineData("/var/lib/shimstack/shimstackd.db", "this is no database", typeof(DatabaseCheck), Verdict.Failure)]
    [InlineData("/var/lib/shimstack/none", "", typeof(DatabaseCheck), Verdict.Ok)]
    [InlineData("/a.sock", "", typeof(SocketCheck), Verdict.Failure)]
    internal void AFileTells(string path, string content, Type check, Verdict verdict)
    {
        using KernelTree tree = new KernelTree().With(path, content);
        Finding finding = Look((ICheck)Activator.CreateInstance(check)!, tree);
        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(verdict == Verdict.Ok, finding.Advice is null);
    }

    [Theory]
    [InlineData(1L << 30, 10_000, Verdict.Ok)]
    [InlineData(100L << 20, 10_000, Verdict.Warning)]
    [InlineData(1L << 30, 10, Verdict.Warning)]
    [InlineData(1L << 20, 10_000, Verdict.Failure)]
    internal void RoomIsLeft(long bytes, int files, Verdict verdict)
    {
        using KernelTree tree = new KernelTree().WithFolder("/run/shimstack");
        Assert.Equal(verdict, new SpaceCheck().Look(Patient(tree) with { Space = _ => new FileSystemSpace(1ul << 40, (ulong)bytes, 100_000, (ulong)files) }).Verdict);
    }

    [Theory]
    [InlineData("LoadState=loaded\nUnitFileState=enabled\nActiveState=active", Verdict.Ok)]
    [InlineData("LoadState=loaded\nUnitFileState=disabled\nActiveState=active", Verdict.Warning)]
    [InlineData("LoadState=loaded\nUnitFileState=enabled\nActiveState=failed", Verdict.Failure)]
    [InlineData("LoadState=not-found\nUnitFileState=\nActiveState=inactive", Verdict.Warning)]
    internal void SystemdIsAsked(string answer, Verdict verdict)
    {
        using KernelTree tree = new KernelTree().WithFolder("/run/systemd/system");
        Assert.Equal(verdict, new UnitCheck().Look(Patient(tree) with { Run = (_, _) => new ProgramRun(0, answer), SearchPath = Programs(tree, "systemctl") }).Verdict);
    }

    [Theory]
    [InlineData(0, "runc version 1.1.5", Verdict.Ok)]
    [InlineData(127, "no such library", Verdict.Failure)]
    internal void ARuntimeRuns(int status, string output, Verdict verdict)
    {
        using KernelTree tree = new();
        Assert.Equal(verdict, new RuntimeCheck().Look(Patient(tree) with { Run = (_, _) => new ProgramRun(status, output), SearchPath = Programs(tree, "runc") }).Verdict);
        Assert.Equal(Verdict.Failure, new RuntimeCheck().Look(Patient(tree)).Verdict);
    }

    [Theory]
    [InlineData("shim:\n  Version:  1.2.3\n", Verdict.Ok)]
    [InlineData("shim:\n  Version:  1.2.2\n", Verdict.Warning)]
    [InlineData("what?", Verdict.Failure)]
    internal void TheShimIsOfThisVersion(string output, Verdict verdict)
    {
        using KernelTree tree = new();
        Assert.Equal(verdict, new ShimCheck().Look(Patient(tree) with { Run = (_, _) => new ProgramRun(0, output), SearchPath = Programs(tree, "containerd-shim-shimstack-v2") }).Verdict);
        Assert.Equal(Verdict.Failure, new ShimCheck().Look(Patient(tree)).Verdict);
    }

    [Fact]
    public void TheDaemonIsOfThisVersion()
    {
        using KernelTree tree = new();
        Assert.Equal(Verdict.Ok, new DaemonCheck().Look(Patient(tree) with { Daemon = Answering }).Verdict);
        Assert.Equal(Verdict.Warning, new DaemonCheck().Look(Patient(tree) with { Daemon = Answering with { Version = "9" } }).Verdict);
        Assert.Equal(Finding.Failure("it is away", "start it"), new DaemonCheck().Look(Patient(tree) with { Daemon = new() { Problem = "it is away; start it" } }));
    }

    [Fact]
    public void AnEmptyOrWholeDatabaseIsOneAndACutOneIsNot()
    {
        using KernelTree tree = new KernelTree().With("/var/lib/shimstack/shimstackd.db", "");
        string path = tree.Files.Path("/var/lib/shimstack/shimstackd.db");
        byte[] pages = new byte[8192];
        "SQLite format 3\0"u8.CopyTo(pages);
        (pages[16], pages[17]) = (16, 0);
        "SHMD"u8.CopyTo(pages.AsSpan(68));
        Assert.Equal(Verdict.Ok, Look(new DatabaseCheck(), tree).Verdict);
        File.WriteAllBytes(path, pages);
        Assert.Contains("2 pages of 4096", Look(new DatabaseCheck(), tree).Found, StringComparison.Ordinal);
        File.WriteAllBytes(path, pages[..5000]);
        Assert.Contains("cut short", Look(new DatabaseCheck(), tree).Found, StringComparison.Ordinal);
        pages[68] = (byte)'X';
        File.WriteAllBytes(path, pages);
        Assert.Contains("another program", Look(new DatabaseCheck(), tree).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldersThatOthersWriteToAreAFailure()
    {
        using KernelTree tree = new KernelTree().WithFolder("/run/shimstack");
        Patient patient = Patient(tree) with { UserId = ShimStack.Native.Processes.CurrentProcess.EffectiveUserId };
        Assert.Equal(Verdict.Ok, new FolderCheck().Look(patient).Verdict);
        File.SetUnixFileMode(tree.Files.Path("/run/shimstack"), (UnixFileMode)0x1ff);
        Assert.Equal(Verdict.Failure, new FolderCheck().Look(patient).Verdict);
    }

    [Fact]
    public void ShimsOfThisDaemonWithoutATaskAreLeft()
    {
        using KernelTree tree = new KernelTree().WithProcess(7, 5, "sh").WithProcess(5, 1, "shim", "-namespace", "ns", "-address", "/a.sock", "-id", "pod")
            .WithProcess(6, 1, "shim", "-namespace", "ns", "-address", "/other.sock", "-id", "b");
        Assert.Equal(Verdict.Ok, Left(new ShimLeftoverCheck(), tree).Verdict);
        tree.WithProcess(8, 1, "shim", "-namespace", "ns", "-address", "/a.sock", "-id", "gone");
        Assert.Contains("pid 8 (ns/gone)", Left(new ShimLeftoverCheck(), tree).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void BundlesMountsAndCgroupsWithoutAContainerAreLeft()
    {
        const string Bundles = "/run/shimstack/io.containerd.runtime.v2.task/ns";
        using KernelTree tree = new KernelTree().WithFolder(Bundles + "/a").With("/proc/self/mounts", AllV1 + $"o {Bundles}/a/rootfs overlay rw 0 0\n").With("/cg/all/ns/a/cgroup.procs", "");
        ICheck[] checks = [new BundleLeftoverCheck(), new MountLeftoverCheck(), new CgroupLeftoverCheck()];
        Assert.All(checks, check => Assert.Equal(Verdict.Ok, Left(check, tree).Verdict));
        tree.WithFolder(Bundles + "/b").With("/proc/self/mounts", AllV1 + $"o {Bundles}/b/rootfs overlay rw 0 0\n").With("/cg/all/ns/b/cgroup.procs", "");
        Assert.All(checks, check => Assert.Equal(Verdict.Warning, Left(check, tree).Verdict));
        Assert.All(checks, check => Assert.Contains("not looked for", check.Look(Patient(tree) with { Daemon = new() { Problem = "it is away" } }).Found, StringComparison.Ordinal));
    }

    [Fact]
    public void StreamsThatNobodyHasOpenAreLeft()
    {
        string root = ShimStack.Ctl.Streams.StdioFolder.Root;
        using KernelTree tree = new KernelTree().WithFolder(root + "/a-01234567").WithFolder(root + "/b-01234567").WithProcess(9, 1, "shim").WithLink("/proc/9/fd/3", root + "/b-01234567/stdout");
        Assert.Equal(Verdict.Ok, Left(new StreamLeftoverCheck(), tree).Verdict);
        tree.WithFolder(root + "/c-01234567");
        Assert.Contains("/c-01234567", Left(new StreamLeftoverCheck(), tree).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryCheckHasANameOfItsOwnAndNoneFailsOnAnEmptyMachine()
    {
        using KernelTree tree = new();
        IReadOnlyList<(ICheck Check, Finding Finding)> findings = Examination.Of(Patient(tree) with { Daemon = Answering });
        Assert.Equal(findings.Count, findings.Select(found => found.Check.Name).Distinct().Count());
        Assert.All(findings, found => Assert.Equal(found.Finding.Verdict == Verdict.Ok, found.Finding.Advice is null));
    }

    private static Finding Look(ICheck check, KernelTree tree) => check.Look(Patient(tree));

    private static Finding Left(ICheck check, KernelTree tree) => check.Look(Patient(tree) with { Daemon = Answering });

    private static Patient Patient(KernelTree tree) => new() { Kernel = tree.Files, Address = "/a.sock", Version = "1.2.3", UserId = 0, Folders = DaemonFolders.Default };

    private static string Programs(KernelTree tree, string name)
    {
        tree.With("/bin/" + name, "");
        File.SetUnixFileMode(tree.Files.Path("/bin/" + name), (UnixFileMode)0x1ed);
        return tree.Files.Path("/bin");
    }
}
