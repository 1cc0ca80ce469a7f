using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Metrics;

/// <summary>A page for Prometheus at /metrics, by a web server of its own: the services of gRPC cannot be reached here, whoever may connect.</summary>
internal sealed class MetricsPage : IAsyncDisposable
{
    private const string Path = "/metrics";

    private readonly WebApplication _application;
    private readonly ListenPath? _claim; // its lock is held as long as the page is there

    private MetricsPage(WebApplication application, ListenPath? claim) => (_application, _claim) = (application, claim);

    /// <summary>Serves it, if the settings have an address for it.</summary>
    /// <exception cref="StartupException">The address makes no sense, or is in use.</exception>
    public static async Task<MetricsPage?> StartAsync(SupervisorSettings settings, IServiceProvider services)
    {
        if (settings.MetricsAddress is not string address)
        {
            return null;
        }

        ListenPath? claim = address.StartsWith('/') ? ListenPath.Claim(address) : null;
        MetricsPage page = new(Build(address, services.GetRequiredService<DaemonMeter>(), services.GetRequiredService<ILoggerFactory>()), claim);
        await page._application.StartAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _claim?.Dispose();
    }

    private static WebApplication Build(string address, DaemonMeter meter, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = DaemonMeter.Name });
        builder.Services.AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>().AddRoutingCore();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(DaemonMeter.Name).AddPrometheusExporter());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, address));
        WebApplication application = builder.Build();
        application.UseRouting();
        application.Use(async (context, next) =>
        {
            if (context.Request.Path == Path)
            {
                await meter.RefreshAsync();
            }

            await next(context);
        });
        application.MapPrometheusScrapingEndpoint(Path);
        return application;
    }

    private static void Listen(KestrelServerOptions kestrel, string address)
    {
        if (address.StartsWith('/'))
        {
            kestrel.ListenUnixSocket(address, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else if (IPEndPoint.TryParse(address, out IPEndPoint? endpoint) && endpoint.Port != 0)
        {
            kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else
        {
            throw new StartupException($"\"{address}\" is no address for metrics: a path of a socket, or ADDRESS:PORT");
        }
    }

    // The signals are the daemon's: see Children.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
