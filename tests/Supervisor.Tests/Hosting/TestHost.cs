using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Leases;
using ShimStack.Supervisor.Namespaces;

namespace ShimStack.Supervisor.Tests.Hosting;

/// <summary>The records of the daemon behind its real socket, in this process: what needs no shim, signal or child.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly string _directory;
    private readonly DaemonSurroundings _around;
    private readonly EventsFeature _events;
    private readonly ApiCalls _calls;
    private readonly ApiServer _server;

    private TestHost(
        string directory, SupervisorSettings settings, DaemonSurroundings around, EventsFeature events, ApiCalls calls, ApiServer server, FakeTimeProvider time)
    {
        (_directory, Settings, _around, _events, _calls, _server, Time) = (directory, settings, around, events, calls, server, time);
        Client = new ApiClient(settings.Address);
    }

    public SupervisorSettings Settings { get; }

    public ApiClient Client { get; }

    public FakeTimeProvider Time { get; }

    public DaemonEnd End => _around.End;

    public static async Task<TestHost> StartAsync(string? group = null)
    {
        string directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
        SupervisorSettings settings = new() { Address = Path.Join(directory, "s.sock"), State = Path.Join(directory, "state"), Root = directory, Group = group };
        Database database = Database.Open(settings.DatabasePath);
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
        StderrLoggers loggers = new(TimeProvider.System) { Minimum = LogLevel.Error };
        ApiMethods methods = new(new CallEdge(loggers.CreateLogger("calls")));
        DaemonSurroundings around = new(settings, database, time, loggers, methods, new DaemonEnd());
        EventsFeature events = new(around);
        _ = new NamespacesFeature(around, events.Journal);
        _ = new ContainersFeature(around, events.Journal);
        _ = new LeasesFeature(around);
        LifeSigns.AddTo(methods, around.End);
        _ = new IntrospectionFeature(around, null);
        ApiCalls calls = new(methods, loggers);
        ApiServer server = new(Task.FromResult(calls), loggers, settings, around.End);
        await server.StartAsync();
        return new TestHost(directory, settings, around, events, calls, server, time);
    }

    /// <summary>The topics on record, in their order.</summary>
    public Task<List<string>> TopicsAsync() =>
        _around.Database.WriteAsync(c => c.Rows("SELECT namespace || ' ' || topic FROM events ORDER BY sequence", row => row.GetString(0)));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _calls.DisposeAsync();
        await _events.DisposeAsync();
        await _around.Database.DisposeAsync();
        _around.End.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
