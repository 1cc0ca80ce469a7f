using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Api.Types;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Bench.Tests;

/// <summary>The driver against the reference shim: what it reports here is what it will report of ours.</summary>
public class DriverTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OutputAndStatusOfTheInitAreSeen()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(daemon, BundleSpec.Shell("echo out; echo err >&2; exit 7"));
        RecordedEvent exit = await session.WaitForExitEventAsync(Cancellation);
        await session.Stdio.Output!.End.WaitAsync(Soon, Cancellation);
        await session.Stdio.Errors!.End.WaitAsync(Soon, Cancellation);
        Assert.Equal(7u, exit.As(TaskExit.Parser).ExitStatus);
        Assert.Equal("out\n", session.Stdio.Output.Text);
        Assert.Equal("err\n", session.Stdio.Errors.Text);
    }

    [Fact]
    public async Task InputReachesTheInitUntilBothEndsAreClosed()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(daemon, BundleSpec.Shell("cat; echo end"), new SessionOptions { WithInput = true });
        session.Stdio.WriteInput("hello\n"u8);
        await session.Stdio.Output!.WaitForTextAsync(text => text == "hello\n", Soon);
        await session.Tasks.CloseIOAsync(new CloseIORequest { Id = session.Id, Stdin = true }, Cancellation);
        session.Stdio.CloseInput();
        await session.WaitForExitEventAsync(Cancellation);
        await session.Stdio.Output.End.WaitAsync(Soon, Cancellation);
        Assert.Equal("hello\nend\n", session.Stdio.Output.Text);
    }

    [Fact]
    public async Task EventsOfALifeComeInOrder()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(daemon, new BundleSpec());
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

    [Fact]
    public async Task AddressIsTheOneThatTheContractComputes()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(daemon, new BundleSpec());
        Assert.Equal(SocketAddress.PathOf(daemon.GrpcAddress, daemon.Namespace, session.Id), session.Answer!.SocketPath);
    }

    [Fact]
    public async Task ShutdownEndsTheServerAndTheDeleteActionStillAnswers()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(daemon, new BundleSpec());
        await session.KillAsync(cancellation: Cancellation);
        await session.WaitForExitEventAsync(Cancellation);
        await session.DeleteAsync(Cancellation);
        await session.ShutdownAsync(Cancellation);
        DeleteResponse response = await session.Action.DeleteAsync(Cancellation);
        Assert.Equal(137u, response.ExitStatus);
        Assert.False(File.Exists(session.Answer!.SocketPath));
    }

    [Fact]
    public async Task MembersOfAGroupShareOneServer()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession first = await RunningAsync(daemon, new BundleSpec { Annotations = Group("pod1") });
        await using ShimSession second = await RunningAsync(daemon, new BundleSpec { Annotations = Group("pod1") });
        Assert.Equal(first.Process, second.Process);
        Assert.Equal(Status.Running, (await first.Tasks.StateAsync(new StateRequest { Id = second.Id }, Cancellation)).Status);
    }

    [Fact]
    public async Task ErrorsCarryTheirCode()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(daemon, new BundleSpec());
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => session.Tasks.StateAsync(new StateRequest { Id = "nobody" }, Cancellation));
        Assert.Equal(RpcCode.NotFound, error.Code);
    }

    [Fact]
    public async Task EventsComeAfterTheDaemonIsBack()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        await using ShimSession session = await RunningAsync(daemon, new BundleSpec());
        await daemon.GoAwayAsync();
        await session.KillAsync(cancellation: Cancellation);
        await session.Tasks.WaitAsync(new WaitRequest { Id = session.Id }, Cancellation);
        daemon.ComeBack();
        await session.WaitForExitEventAsync(Cancellation);
    }

    [Fact]
    public async Task NothingIsLeftOfASessionThatIsGivenUp()
    {
        await using DaemonSide daemon = DaemonSide.Open();
        RunningProcess server;
        string cgroup;
        await using (ShimSession session = await RunningAsync(daemon, new BundleSpec()))
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

    private static async Task<ShimSession> RunningAsync(DaemonSide daemon, BundleSpec spec, SessionOptions? options = null)
    {
        var session = new ShimSession(daemon, ReferenceShim.Require(), spec, options);
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
