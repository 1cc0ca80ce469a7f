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
    private const string Later = "containerd.services.version.v1.Version/Later";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly DaemonEnd _end = new();
    private readonly TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SupervisorSettings Settings => new() { Address = Path.Join(_directory, "sock"), Root = _directory };

    [Fact]
    public async Task WhoCallsBeforeTheDaemonIsWholeIsAnsweredWhenItIs()
    {
        ApiMethods methods = Methods();
        await using ApiCalls calls = new(methods, NullLoggerFactory.Instance);
        await using ApiServer server = new(Task.FromResult(calls), NullLoggerFactory.Instance, Settings, _end);
        await server.StartAsync();
        using ApiClient client = new(Settings.Address);
        Task<VersionResponse> version = client.CallAsync<VersionResponse>(Version, new Empty());
        Task<VersionResponse> later = client.CallAsync<VersionResponse>(Later, new Empty());
        Task answered = await Task.WhenAny(version, later, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        Assert.NotSame(version, answered);
        Assert.NotSame(later, answered);
        methods.Unary(Later, Empty.Parser, VersionResponse.Parser, (_, _) => Task.FromResult(new VersionResponse { Version = "later" }));
        _whole.SetResult();
        Assert.Equal(SupervisorVersion.Text, (await version.WaitAsync(Limit, TestContext.Current.CancellationToken)).Version);
        Assert.Equal("later", (await later.WaitAsync(Limit, TestContext.Current.CancellationToken)).Version);
        await server.StopAsync();
    }

    [Fact]
    public async Task WhoCallsADaemonThatCannotBeMadeIsCutOffAndNoSocketIsLeft()
    {
        using ApiClient client = new(Settings.Address);
        Task<Grpc.Core.Status> failure;
        using (ListenPath path = ListenPath.Claim(Settings.Address))
        {
            await using ApiCalls calls = new(Methods(), NullLoggerFactory.Instance);
            await using ApiServer server = new(Task.FromResult(calls), NullLoggerFactory.Instance, Settings, _end, path);
            await server.StartAsync();
            failure = client.FailAsync<VersionResponse>(Version, new Empty());
        }

        Assert.NotEqual(Grpc.Core.StatusCode.OK, (await failure.WaitAsync(Limit, TestContext.Current.CancellationToken)).StatusCode);
        Assert.False(File.Exists(Settings.Address));
    }

    [Fact]
    public async Task ADaemonThatCouldNotBeMadeDoesNotBeginToListen()
    {
        TaskCompletionSource<ApiCalls> making = new();
        ApiServer server = new(making.Task, NullLoggerFactory.Instance, Settings, _end);
        Task started = server.StartAsync();
        ValueTask disposed = server.DisposeAsync();
        await using ApiCalls calls = new(Methods(), NullLoggerFactory.Instance);
        making.SetResult(calls);
        await disposed;
        await started;
        Assert.False(File.Exists(Settings.Address));
    }

    public void Dispose()
    {
        _end.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ApiMethods Methods()
    {
        ApiMethods methods = new(new CallEdge(NullLogger.Instance, _whole.Task));
        LifeSigns.AddTo(methods, _end);
        return methods;
    }
}
