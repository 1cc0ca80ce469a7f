using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;

namespace ShimStack.Supervisor.Tests.Hosting;

/// <summary>A server that listens before what answers is there.</summary>
public sealed class ApiServerTests : IDisposable
{
    private const string Version = "containerd.services.version.v1.Version/Version";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly DaemonEnd _end = new();
    private readonly TaskCompletionSource<ApiCalls> _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SupervisorSettings Settings => new() { Address = Path.Join(_directory, "sock"), Root = _directory };

    [Fact]
    public async Task WhoCallsBeforeTheDaemonIsWholeIsAnsweredWhenItIs()
    {
        await using ApiServer server = new(_whole.Task, NullLoggerFactory.Instance, Settings, _end);
        server.StartAfter(Task.CompletedTask);
        await server.StartAsync();
        using ApiClient client = new(Settings.Address);
        Task<VersionResponse> version = client.CallAsync<VersionResponse>(Version, new Empty());
        Task answered = await Task.WhenAny(version, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        Assert.NotSame(version, answered);
        await using ApiCalls calls = Calls();
        _whole.SetResult(calls);
        Assert.Equal(SupervisorVersion.Text, (await version.WaitAsync(Limit, TestContext.Current.CancellationToken)).Version);
        await server.StopAsync();
    }

    [Fact]
    public async Task WhoCallsADaemonThatCannotBeMadeIsCutOffAndNoSocketIsLeft()
    {
        using ApiClient client = new(Settings.Address);
        Task<Grpc.Core.Status> failure;
        using (ListenPath path = ListenPath.Claim(Settings.Address))
        {
            await using ApiServer server = new(_whole.Task, NullLoggerFactory.Instance, Settings, _end, path);
            await server.StartAsync();
            failure = client.FailAsync<VersionResponse>(Version, new Empty());
        }

        Assert.NotEqual(Grpc.Core.StatusCode.OK, (await failure.WaitAsync(Limit, TestContext.Current.CancellationToken)).StatusCode);
        Assert.False(File.Exists(Settings.Address));
    }

    [Fact]
    public async Task ADaemonThatCouldNotBeMadeDoesNotBeginToListen()
    {
        TaskCompletionSource other = new();
        ApiServer server = new(_whole.Task, NullLoggerFactory.Instance, Settings, _end);
        server.StartAfter(other.Task);
        ValueTask disposed = server.DisposeAsync();
        other.SetResult();
        await disposed;
        await server.StartAsync();
        Assert.False(File.Exists(Settings.Address));
    }

    public void Dispose()
    {
        _end.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ApiCalls Calls()
    {
        ApiMethods methods = new(new CallEdge(NullLogger.Instance));
        LifeSigns.AddTo(methods, _end);
        return new ApiCalls(methods, NullLoggerFactory.Instance);
    }
}
