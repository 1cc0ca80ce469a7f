using Grpc.Core;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.BadInput;

/// <summary>What a user gets wrong: told with the reference's code and words where the daemon shows it, and nothing is left of it.</summary>
public sealed class BadInputTests
{
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ACommandThatDoesNotExist(string line) => Stage.RunAsync(line, async stage =>
    {
        CommandResult result = await stage.Ctr.RunContainerAsync("c1", ["/bin/nothing"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("OCI runtime create failed", result.Error, StringComparison.Ordinal);
        Assert.Contains("no such file or directory", result.Error, StringComparison.Ordinal);
        CommandResult inPath = await stage.Ctr.RunContainerAsync("c2", ["nothing"]);
        Assert.Contains("executable file not found in $PATH", inPath.Error, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AnExecCommandThatDoesNotExist(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        await container.AddExecAsync("e1", "nothing");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => container.StartAsync("e1"));
        Assert.Contains("OCI runtime exec failed", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("executable file not found in $PATH", failure.Status.Detail, StringComparison.Ordinal);
        await container.DeleteExecAsync("e1");
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ARuntimeBinaryThatIsMissing(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RecordAsync(stage, "c1", ["/bin/true"], new ContainerSettings { RuntimeBinary = "/nowhere/runc" });
        RpcException failure = await Assert.ThrowsAsync<RpcException>(container.CreateTaskAsync);
        Assert.Contains("/nowhere/runc", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("no such file or directory", failure.Status.Detail, StringComparison.Ordinal);
        await container.DeleteRecordAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ARuntimeThatFails(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RecordAsync(stage, "c1", ["/bin/true"], new ContainerSettings { RuntimeBinary = "/bin/false" });
        RpcException failure = await Assert.ThrowsAsync<RpcException>(container.CreateTaskAsync);
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.Contains("OCI runtime create failed", failure.Status.Detail, StringComparison.Ordinal);
        await container.DeleteRecordAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ARootFileSystemThatIsMissing(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RecordAsync(stage, "c1", ["/bin/true"], new ContainerSettings { RootfsSource = "/nowhere" });
        RpcException failure = await Assert.ThrowsAsync<RpcException>(container.CreateTaskAsync);
        Assert.Contains("failed to mount rootfs component", failure.Status.Detail, StringComparison.Ordinal);
        await container.DeleteRecordAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ProcessesThatDoNotExist(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => container.StartAsync("e1"))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => container.KillAsync(9, "e1"))).StatusCode);
        await container.AddExecAsync("e1", "/bin/true");
        Assert.Equal(StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(() => container.AddExecAsync("e1", "/bin/true"))).StatusCode);
        await container.DeleteExecAsync("e1");
        await container.EndAsync();
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => container.StateAsync())).StatusCode);
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AnEndedProcessCannotBeKilledAgain(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/true"]);
        await container.WaitAsync();
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => container.KillAsync(9))).StatusCode);
        await container.DeleteAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ARunningTaskCannotBeDeleted(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"]);
        await Assert.ThrowsAsync<RpcException>(container.DeleteAsync);
        await container.EndAsync();
    });
}
