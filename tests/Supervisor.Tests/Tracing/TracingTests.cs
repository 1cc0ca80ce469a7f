using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Tests.Events;
using ShimStack.Supervisor.Tracing;

namespace ShimStack.Supervisor.Tests.Tracing;

public sealed class TracingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ACallAndItsWayToTheShimReachTheCollector()
    {
        using HttpListener collector = Listen(out string endpoint);
        Task<string> received = ReceiveAsync(collector);
        SupervisorSettings settings = new() { Root = _directory, Address = Path.Join(_directory, "sock"), TracesEndpoint = endpoint };
        await using Database database = Database.Open(settings.DatabasePath);
        using DaemonEnd end = new();
        ApiMethods methods = new(new CallEdge(NullLogger.Instance));
        DaemonSurroundings around = new(settings, database, TimeProvider.System, NullLoggerFactory.Instance, methods, end);
        await using EventsFeature events = new(around);
        around.AddTraces();
        await using ApiCalls calls = new(methods, NullLoggerFactory.Instance);
        using (settings.StartTraces())
        await using (ApiServer server = new(Task.FromResult(calls), NullLoggerFactory.Instance, settings, end))
        {
            await server.StartAsync();
            using Grpc.Net.Client.GrpcChannel channel = EventsClient.Open(settings.Address);
            await new EventsClient(channel).PublishAsync("/a", "n");
            TaskTrace.Shim("Create", "n", "c1")?.Dispose();
            await server.StopAsync();
        }

        string spans = await received.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Contains("containerd.services.events.v1.Events/Publish", spans, StringComparison.Ordinal);
        Assert.Contains("shim Create", spans, StringComparison.Ordinal);
        Assert.Contains("c1", spans, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutACollectorNothingIsMade() => Assert.Null(TaskTrace.Call("/x/Y", null));

    [Fact]
    public void AnEndpointThatIsNoUrlIsNamed()
    {
        StartupException refused = Assert.Throws<StartupException>(() => new SupervisorSettings { TracesEndpoint = "localhost" }.StartTraces());
        Assert.Contains("\"localhost\"", refused.Message, StringComparison.Ordinal);
    }

    private static HttpListener Listen(out string endpoint)
    {
        for (int port = 43180; ; port++)
        {
            HttpListener listener = new();
            endpoint = $"http://127.0.0.1:{port}/";
            listener.Prefixes.Add(endpoint);
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (port < 43280)
            {
                listener.Close(); // in use
            }
        }
    }

    // The names are text in the message, so they can be looked for without its schema.
    private static async Task<string> ReceiveAsync(HttpListener collector)
    {
        HttpListenerContext context = await collector.GetContextAsync();
        using MemoryStream body = new();
        await context.Request.InputStream.CopyToAsync(body);
        context.Response.Close();
        return context.Request.Url!.AbsolutePath == "/v1/traces" ? System.Text.Encoding.Latin1.GetString(body.ToArray()) : context.Request.Url.ToString();
    }
}
