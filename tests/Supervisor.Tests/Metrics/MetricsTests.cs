using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Metrics;
using ShimStack.Supervisor.Recovery;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;
using ShimStack.Supervisor.Tests.Events;

namespace ShimStack.Supervisor.Tests.Metrics;

public sealed class MetricsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    [Fact]
    public async Task ThePageHasWhatHappened()
    {
        SupervisorSettings settings = new()
        {
            Root = _directory,
            Address = Path.Join(_directory, "sock"),
            MetricsAddress = Path.Join(_directory, "metrics"),
        };
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(settings.MetricsAddress + ".old"));
            File.Move(settings.MetricsAddress + ".old", settings.MetricsAddress); // as a daemon leaves it that was killed
        }

        await using Database database = Database.Open(settings.DatabasePath);
        using DaemonEnd end = new();
        ApiMethods methods = new(new CallEdge(NullLogger.Instance));
        DaemonSurroundings around = new(settings, database, TimeProvider.System, NullLoggerFactory.Instance, methods, end);
        await using EventsFeature events = new(around);
        using DaemonMeter meter = new(new TaskTable(), events.Journal, new ShimStarts(), new RecoveryTime());
        methods.Edge.Add(new CallMeter(meter));
        await using ApiCalls calls = new(methods, NullLoggerFactory.Instance);
        await using MetricsPage? metrics = await MetricsPage.StartAsync(settings, calls.ServiceProvider, meter);
        await using ApiServer server = new(Task.FromResult(calls), NullLoggerFactory.Instance, settings, end);
        await server.StartAsync();
        EventJournal journal = events.Journal;
        await journal.PublishAsync(Event.Create("c", 10));
        await journal.PublishAsync(Event.Exit("c", 10));
        await journal.PublishAsync(Event.Exit("c", 10));
        using (Grpc.Net.Client.GrpcChannel channel = EventsClient.Open(settings.Address))
        {
            await new EventsClient(channel).PublishAsync("/a", "n");
            await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => new EventsClient(channel).PublishAsync("a", "n"));
        }

        string page = await GetAsync(settings.MetricsAddress);
        Assert.Contains("shimstackd_events_recorded_total{", page, StringComparison.Ordinal);
        Assert.Equal("3", ValueOf(page, "shimstackd_events_recorded_total"));
        Assert.Equal("1", ValueOf(page, "shimstackd_events_dropped_total"));
        Assert.Equal("1", ValueOf(page, "shimstackd_exits_owed"));
        Assert.Equal("0", ValueOf(page, "shimstackd_subscribers"));
        Assert.Contains("code=\"OK\",method=\"/containerd.services.events.v1.Events/Publish\"", page, StringComparison.Ordinal);
        Assert.Contains("code=\"InvalidArgument\"", page, StringComparison.Ordinal);
        await server.StopAsync();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string ValueOf(string page, string metric) => page.Split('\n')
        .First(line => line.StartsWith(metric, StringComparison.Ordinal)).Split('}')[^1].Trim().Split(' ')[0];

    private static async Task<string> GetAsync(string socket)
    {
        using HttpClient client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        });
        return await client.GetStringAsync(new Uri("http://localhost/metrics")).WaitAsync(Limit.Time);
    }
}
