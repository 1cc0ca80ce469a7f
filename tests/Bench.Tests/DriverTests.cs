using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Api.Types;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Bench.Tests;

/// <summary>The driver against the reference shim, which proves the driver, and against ours, which proves our shim.</summary>
public class DriverTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task OutputAndStatusOfTheInitAreSeen(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(shim, daemon, BundleSpec.Shell("echo out; echo err >&2; exit 7"));
        RecordedEvent exit = await session.WaitForExitEventAsync(Cancellation);
        await session.Stdio.Output!.End.WaitAsync(Soon, Cancellation);
        await session.Stdio.Errors!.End.WaitAsync(Soon, Cancellation);
        Assert.Equal(7u, exit.As(TaskExit.Parser).ExitStatus);
        Assert.Equal("out\n", session.Stdio.Output.Text);
        Assert.Equal("err\n", session.Stdio.Errors.Text);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task InputReachesTheInitUntilBothEndsAreClosed(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(shim, daemon, BundleSpec.Shell("cat; echo end"), new SessionOptions { WithInput = true });
        session.Stdio.WriteInput("hello\n"u8);
        await session.Stdio.Output!.WaitForTextAsync(text => text == "hello\n", Soon);
        await session.Tasks.CloseIOAsync(new CloseIORequest { Id = session.Id, Stdin = true }, Cancellation);
        session.Stdio.CloseInput();
        await session.WaitForExitEventAsync(Cancellation);
        await session.Stdio.Output.End.WaitAsync(Soon, Cancellation);
        Assert.Equal("hello\nend\n", session.Stdio.Output.Text);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task EventsOfALifeComeInOrder(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(shim, daemon, new BundleSpec());
        ShimExec exec = await session.ExecAsync("e1", ["true"], Cancellation);
        await exec.StartAsync(Cancellation);
        await exec.WaitForExitEventAsync(Soon, Cancellation);
        await exec.DeleteAsync(Cancellation);
        await session.KillAsync(cancellation: Cancellation);
        await session.WaitForExitEventAsync(Cancellation);
        await session.DeleteAsync(Cancellation);
        await daemon.Events.WaitAsync(e => e.Topic == Topics.TaskDelete && e.As(TaskDelete.Parser).Id != "e1", Soon, Cancellation);
        string[] life = [Topics.TaskCreate, Topics.TaskStart, Topics.TaskExecAdded, Topics.TaskExecStarted, Topics.TaskExit, Topics.TaskExit, Topics.TaskDelete];
        Assert.Equal(life, daemon.Events.Events.Select(e => e.Topic));
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task AddressIsTheOneThatTheContractComputes(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(shim, daemon, new BundleSpec());
        Assert.Equal(SocketAddress.PathOf(daemon.GrpcAddress, daemon.Namespace, session.Id), session.Answer!.SocketPath);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task ShutdownEndsTheServerAndTheDeleteActionStillAnswers(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(shim, daemon, new BundleSpec());
        await session.KillAsync(cancellation: Cancellation);
        await session.WaitForExitEventAsync(Cancellation);
        await session.DeleteAsync(Cancellation);
        await session.ShutdownAsync(Cancellation);
        DeleteResponse response = await session.Action.DeleteAsync(Cancellation);
        Assert.Equal(137u, response.ExitStatus);
        Assert.False(File.Exists(session.Answer!.SocketPath));
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task MembersOfAGroupShareOneServer(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession first = await RunningAsync(shim, daemon, new BundleSpec { Annotations = Group("pod1") });
        await using ShimSession second = await RunningAsync(shim, daemon, new BundleSpec { Annotations = Group("pod1") });
        Assert.Equal(first.Process, second.Process);
        Assert.Equal(Status.Running, (await first.Tasks.StateAsync(new StateRequest { Id = second.Id }, Cancellation)).Status);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task ErrorsCarryTheirCode(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(shim, daemon, new BundleSpec());
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => session.Tasks.StateAsync(new StateRequest { Id = "nobody" }, Cancellation));
        Assert.Equal(RpcCode.NotFound, error.Code);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task EventsComeAfterTheDaemonIsBack(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(shim, daemon, new BundleSpec());
        await daemon.GoAwayAsync();
        await session.KillAsync(cancellation: Cancellation);
        await session.Tasks.WaitAsync(new WaitRequest { Id = session.Id }, Cancellation);
        daemon.ComeBack();
        await session.WaitForExitEventAsync(Cancellation);
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("ours")]
    public async Task NothingIsLeftOfASessionThatIsGivenUp(string shim)
    {
        await using DaemonSide daemon = DaemonSide.Open();
        RunningProcess server;
        string cgroup;
        await using (ShimSession session = await RunningAsync(shim, daemon, new BundleSpec()))
        {
            server = session.Process!;
            cgroup = session.Bundle.CgroupPath;
            Assert.NotEmpty(Cgroups.DirectoriesOf(cgroup));
        }

        Assert.False(server.IsAlive);
        Assert.Empty(Cgroups.DirectoriesOf(cgroup));
        Assert.Empty(Mounts.Below(daemon.Root));
    }

    private static Dictionary<string, string> Group(string name) => new() { ["io.containerd.runc.v2.group"] = name };

    private static async Task<ShimSession> RunningAsync(string shim, DaemonSide daemon, BundleSpec spec, SessionOptions? options = null)
    {
        var session = new ShimSession(daemon, KnownShim.Require(shim), spec, options);
        try
        {
            await session.LaunchAsync(Cancellation);
            await session.CreateAsync(Cancellation);
            await session.StartAsync(Cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
