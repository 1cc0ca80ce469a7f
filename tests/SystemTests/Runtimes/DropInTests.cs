using System.Text.Json.Nodes;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.MixedFleet;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>Our shim under the name of the reference: what daemons and clients do for that name only.</summary>
public sealed class DropInTests
{
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("in place of containerd-shim-runc-v2: ctr run without a runtime")]
    public Task ItIsTheDefaultRuntime(string line) => RunAsync(line, async stage =>
    {
        stage.Remember("c1");
        string[] run = ["run", "--rm", "--rootfs", "--cgroup", $"/{stage.Name}/c1", stage.Rootfs, "c1"];
        CommandResult result = await stage.Ctr.RunAsync([.. run, "/bin/sh", "-c", "echo out; exit 3"]);
        Assert.Equal((3, "out\n"), (result.ExitCode, result.Output));
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("in place of containerd-shim-runc-v2: ctr run --runc-binary, --runc-root, --runc-systemd-cgroup")]
    public Task CtrsFlagsForRuncArrive(string line) => RunAsync(line, async stage =>
    {
        RecordingRuntime runtime = RecordingRuntime.Create(stage);
        string[] flags = ["--rm", "--runc-binary", runtime.Path, "--runc-root", RuntimeOptions.RootOf(stage), "--runc-systemd-cgroup"];
        // With this flag ctr wants a cgroup in systemd's words; the runtime, which is not told of systemd, takes it for a path.
        string[] arguments = stage.Ctr.RunArguments("c1", ["/bin/sh", "-c", "exit 3"], flags, RuntimeUnderTest.Reference);
        arguments[Array.IndexOf(arguments, "--cgroup") + 1] = $"{stage.Name}:c1:x";
        CommandResult result = await stage.Ctr.RunAsync(arguments);
        Assert.True(result.ExitCode == 3, result.Error);
        string create = runtime.CallOf("create");
        Assert.StartsWith($"--root {RuntimeOptions.RootOf(stage)}/{stage.Name} --log ", create, StringComparison.Ordinal);
        Assert.Contains(" --systemd-cgroup create ", create, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("in place of containerd-shim-runc-v2: the next daemon finds it")]
    public Task TheNextDaemonFindsIt(string line) => RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], Named());
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAsync();
        Assert.Equal((uint)container.Pid, (await container.StateAsync()).Pid);
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("containers of one group share a shim")]
    public Task AGroupSharesAShim(string line) => RunAsync(line, async stage =>
    {
        const string Leaves = "the reference shim of 2.x leaves the socket of a group that is not named after a container";
        Assert.SkipWhen(RuntimeUnderTest.IsReference && line == "2.x", Leaves);
        JsonObject Annotations() => new() { ["io.containerd.runc.v2.group"] = "some-group" };
        ContainerSettings settings = Named() with { Spec = spec => spec["annotations"] = Annotations() };
        // The socket is the group's.
        stage.Remember("some-group");
        Container first = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], settings);
        Container second = await Container.RunAsync(stage, "c2", ["/bin/sleep", "1000"], settings);
        Assert.Single(stage.Shims());
        await first.EndAsync();
        Assert.Equal(Wire.Tasks.Status.Running, (await second.StateAsync()).Status);
        await second.EndAsync();
    });

    private static Task RunAsync(string line, Func<Stage, Task> test) => Fleet.RunAsync(line, (stage, fleet) =>
    {
        fleet.Install(fleet.Ours);
        return test(stage);
    });

    private static ContainerSettings Named() => new() { Shim = RuntimeUnderTest.Reference };
}
