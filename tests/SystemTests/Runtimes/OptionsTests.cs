using Google.Protobuf.WellKnownTypes;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Runc;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>The runtime options, in every form that they come in, as the runtime sees them.</summary>
public sealed class OptionsTests
{
    private const string OnlyOurs = "the reference shim takes runc's own options only";

    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("options: runc Options of the task")]
    public Task OfTheTask(string line) =>
        RunAsync(line, (stage, runtime) => new ContainerSettings { TaskOptions = RuntimeOptions.Runc(All(stage, runtime)) });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("options: runc Options of the container")]
    public Task OfTheContainer(string line) => RunAsync(line, (stage, runtime) => Recorded(RuntimeOptions.Runc(All(stage, runtime))));

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("options: TOML in ConfigBody")]
    public Task AsToml(string line)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, OnlyOurs);
        return RunAsync(line, (stage, runtime) => Recorded(RuntimeOptions.Toml(Toml(stage, runtime))));
    }

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("options: a TOML file at ConfigPath")]
    public Task AsTomlFile(string line)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, OnlyOurs);
        return RunAsync(line, (stage, runtime) => Recorded(RuntimeOptions.TomlFile(WriteToml(stage, runtime))));
    }

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("ctr run --runtime-config-path")]
    public Task OfCtr(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, OnlyOurs);
        RecordingRuntime runtime = RecordingRuntime.Create(stage);
        string[] flags = ["--runtime-config-path", WriteToml(stage, runtime)];
        CommandResult result = await stage.Ctr.RunContainerAsync("c1", ["/bin/sh", "-c", "echo out; exit 3"], flags);
        Assert.Equal((3, "out\n"), (result.ExitCode, result.Output));
        AssertAllArrived(stage, runtime);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("options: none")]
    public Task None(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep, new ContainerSettings { TaskOptions = RuntimeOptions.None });
        Assert.True(Directory.Exists(Path.Combine(UsualRoot(stage), stage.Name, "c1")), "the runtime's state is not at its usual place");
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("option IoUid and IoGid: owner of the streams")]
    public Task TheStreamsBelongToWhomTheOptionsSay(string line) => Stage.RunAsync(line, async stage =>
    {
        RecordingRuntime runtime = RecordingRuntime.Create(stage);
        Options options = new() { Root = RuntimeOptions.RootOf(stage), BinaryName = runtime.Path, IoUid = 1234, IoGid = 2345 };
        ContainerSettings settings = new() { TaskOptions = RuntimeOptions.Runc(options) };
        Container container = await Container.CreateAsync(stage, "c1", Sleep, settings);
        Assert.Equal("1234 2345", runtime.OwnerOfError());
        await container.StartAsync();
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("option ShimCgroup")]
    public Task TheShimIsInTheCgroupThatTheOptionsSay(string line) => Stage.RunAsync(line, async stage =>
    {
        string name = $"{stage.Name}/shim";
        // In cgroup v1 the shim joins wherever there is such a cgroup; a new one of cpuset takes no process.
        string[] hierarchies = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"];
        string[] cgroups = [.. hierarchies.Where(Directory.Exists).Select(path => Path.Combine(path, name))];
        Assert.SkipWhen(cgroups.Length == 0, "only where cgroup v1 is");
        Array.ForEach(cgroups, path => Directory.CreateDirectory(path));
        try
        {
            Options options = new() { Root = RuntimeOptions.RootOf(stage), ShimCgroup = "/" + name };
            ContainerSettings settings = new() { TaskOptions = RuntimeOptions.Runc(options) };
            Container container = await Container.RunAsync(stage, "c1", Sleep, settings);
            string[] memberships = File.ReadAllLines($"/proc/{Assert.Single(stage.Shims())}/cgroup");
            Assert.Contains(memberships, membership => membership.EndsWith($":memory:/{name}", StringComparison.Ordinal));
            await container.EndAsync();
            await Until.TrueAsync(() => stage.Shims().Count == 0, "the shim ends");
        }
        finally
        {
            Array.ForEach(cgroups, Directory.Delete);
        }
    });

    private static Task RunAsync(string line, Func<Stage, RecordingRuntime, ContainerSettings> make) => Stage.RunAsync(line, async stage =>
    {
        RecordingRuntime runtime = RecordingRuntime.Create(stage);
        Container container = await Container.RunAsync(stage, "c1", Sleep, make(stage, runtime));
        AssertAllArrived(stage, runtime);
        await container.EndAsync();
    });

    private static void AssertAllArrived(Stage stage, RecordingRuntime runtime)
    {
        string create = runtime.CallOf("create");
        Assert.StartsWith($"--root {RuntimeOptions.RootOf(stage)}/{stage.Name} --log ", create, StringComparison.Ordinal);
        Assert.Contains(" --systemd-cgroup create ", create, StringComparison.Ordinal);
        Assert.EndsWith(" --no-pivot --no-new-keyring c1", create, StringComparison.Ordinal);
    }

    // Ours keeps away from a containerd of the same machine.
    private static string UsualRoot(Stage stage) =>
        stage.Daemon.Line == DaemonLine.Own ? Path.Combine(stage.Daemon.State, "runc") : "/run/containerd/runc";

    private static ContainerSettings Recorded(Any options) => new() { TaskOptions = RuntimeOptions.None, RecordOptions = options };

    private static Options All(Stage stage, RecordingRuntime runtime) => new()
    {
        Root = RuntimeOptions.RootOf(stage),
        BinaryName = runtime.Path,
        SystemdCgroup = true,
        NoPivotRoot = true,
        NoNewKeyring = true,
    };

    private static string WriteToml(Stage stage, RecordingRuntime runtime)
    {
        string path = Path.Combine(stage.Directory, "options.toml");
        File.WriteAllText(path, Toml(stage, runtime));
        return path;
    }

    private static string Toml(Stage stage, RecordingRuntime runtime) =>
        $"""
        # As a daemon writes them, and as a person does.
        TypeUrl = "containerd.runc.v1.Options"
          BinaryName = "{runtime.Path}"
        Root = '{RuntimeOptions.RootOf(stage)}'  # where the state is
        SystemdCgroup = true
        NoPivotRoot = true
        NoNewKeyring = true
        """;
}
