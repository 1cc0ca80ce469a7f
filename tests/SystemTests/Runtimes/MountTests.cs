using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>The mounts that make a root file system, in the forms that daemons send them.</summary>
public sealed class MountTests
{
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("an overlay of many layers")]
    public Task AnOverlayWhoseLayersHaveALongPathInCommon(string line) => Stage.RunAsync(line, async stage =>
    {
        string[] layers = [.. Enumerable.Range(0, 60).Select(n => MakeDirectory(stage, $"{new string('x', 100)}/{n}"))];
        foreach (string entry in Directory.GetFileSystemEntries(stage.Rootfs))
        {
            (await Command.RunAsync("cp", ["-a", entry, layers[0]])).MustSucceed();
        }

        await File.WriteAllTextAsync(Path.Combine(layers[^1], "last"), "the last layer\n");
        string lower = string.Join(':', layers);
        Assert.True(lower.Length > Environment.SystemPageSize);
        Mount overlay = new()
        {
            Type = "overlay",
            Source = "overlay",
            Options =
            {
                "index=off", $"workdir={MakeDirectory(stage, "work")}", $"upperdir={MakeDirectory(stage, "upper")}", $"lowerdir={lower}",
            },
        };
        await AssertSaysAsync(stage, [overlay], "cat /last; echo in >/upper", "the last layer\n");
        Assert.Equal("in\n", await File.ReadAllTextAsync(Path.Combine(stage.Directory, "upper/upper")));
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("a read-only root file system mount")]
    public Task AReadOnlyBindMount(string line) => Stage.RunAsync(line, stage =>
    {
        Mount mount = new() { Type = "bind", Source = stage.Rootfs, Options = { "rbind", "ro" } };
        return AssertSaysAsync(stage, [mount], "touch /tmp/x 2>&1 | grep -o 'Read-only file system'", "Read-only file system\n");
    });

    // The 1.6 daemon does not pass it on.
    [Theory, InlineData("1.7"), InlineData("2.x"), Feature("a mount inside of the root file system (Mount.target)")]
    public Task AMountInsideOfTheRoot(string line) => Stage.RunAsync(line, async stage =>
    {
        string data = MakeDirectory(stage, "data");
        await File.WriteAllTextAsync(Path.Combine(data, "file"), "data\n");
        Mount inside = Bind(data);
        inside.Target = "/tmp";
        await AssertSaysAsync(stage, [Bind(stage.Rootfs), inside], "cat /tmp/file", "data\n");
    });

    [Theory, InlineData("1.7"), InlineData("2.x"), Feature("a link in Mount.target does not lead out of the root")]
    public Task ALinkDoesNotLeadOut(string line) => Stage.RunAsync(line, async stage =>
    {
        string data = MakeDirectory(stage, "data");
        await File.WriteAllTextAsync(Path.Combine(data, "file"), "data\n");
        File.CreateSymbolicLink(Path.Combine(stage.Rootfs, "link"), "/tmp");
        Mount inside = Bind(data);
        inside.Target = "/link";
        await AssertSaysAsync(stage, [Bind(stage.Rootfs), inside], "cat /tmp/file", "data\n");
        Assert.False(File.Exists("/tmp/file"), "mounted on the machine's own /tmp");
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("options that are the mount manager's are refused")]
    public Task AnOptionOfTheMountManagerIsRefused(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim refuses them from containerd 2.3 on");
        Mount mount = Bind(stage.Rootfs);
        mount.Options.Add("X-containerd.mkdir.path=/x");
        Container container = await Container.RecordAsync(stage, "c1", ["/bin/true"], new ContainerSettings { Mounts = [mount] });
        RpcException failure = await Assert.ThrowsAsync<RpcException>(container.CreateTaskAsync);
        const string Reason = "\"X-containerd.mkdir.path=/x\" was not consumed by the mount manager";
        Assert.Contains(Reason, failure.Status.Detail, StringComparison.Ordinal);
        await container.DeleteRecordAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("symbolic links in paths: runtime root, root file system")]
    public Task PathsMayBeLinks(string line) => Stage.RunAsync(line, async stage =>
    {
        string root = Link(stage, "root-link", MakeDirectory(stage, "runc"));
        string rootfs = Link(stage, "rootfs-link", stage.Rootfs);
        Wire.Runc.Options options = new() { Root = root };
        ContainerSettings settings = new() { Mounts = [Bind(rootfs)], TaskOptions = RuntimeOptions.Runc(options) };
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], settings);
        CommandResult exec = await stage.Ctr.RunAsync("tasks", "exec", "--exec-id", "e1", "c1", "/bin/sh", "-c", "exit 4");
        Assert.Equal(4, exec.ExitCode);
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("a log file that is a symbolic link")]
    public Task ALogMayBeALink(string line) => Stage.RunAsync(line, async stage =>
    {
        string file = Path.Combine(stage.Directory, "log-file");
        await File.WriteAllTextAsync(file, "before\n");
        string log = Link(stage, "log-link", file);
        ContainerSettings settings = new() { OutputUri = "file://" + log };
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sh", "-c", "echo out; exit 4"], settings);
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(4u, await exit);
        Assert.Equal(4u, await container.DeleteAsync());
        Assert.Equal("before\nout\n", await File.ReadAllTextAsync(file));
        Assert.Equal(file, new FileInfo(log).LinkTarget);
    });

    private static async Task AssertSaysAsync(Stage stage, Mount[] mounts, string script, string output)
    {
        ContainerSettings settings = new() { Mounts = mounts };
        Container container = await Container.CreateAsync(stage, "c1", ["/bin/sh", "-c", script], settings);
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        Assert.Equal(0u, await exit);
        Assert.Equal(output, await container.Output!.Completion);
        await container.DeleteAsync();
    }

    private static Mount Bind(string source) => new() { Type = "bind", Source = source, Options = { "rbind", "rw" } };

    private static string MakeDirectory(Stage stage, string name) =>
        Directory.CreateDirectory(Path.Combine(stage.Directory, name)).FullName;

    private static string Link(Stage stage, string name, string target) =>
        File.CreateSymbolicLink(Path.Combine(stage.Directory, name), target).FullName;
}
