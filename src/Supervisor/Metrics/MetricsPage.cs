using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Metrics;

/// <summary>A page for Prometheus at /metrics, by a web server of its own: the services of gRPC cannot be reached here, whoever may connect.</summary>
internal sealed class MetricsPage : IAsyncDisposable
{
    private const string Path = "/metrics";

    private readonly ListenPath? _claim; // its lock is held as long as the page is there
    private readonly MeterProvider _meters;
    private readonly HttpServer _server;

    private MetricsPage(string address, IServiceProvider services, DaemonMeter meter)
    {
        KestrelServerOptions options = Options(address);
        _claim = address.StartsWith('/') ? ListenPath.Claim(address) : null;
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter(DaemonMeter.Name).AddPrometheusExporter().Build();
        RequestDelegate page = new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(_meters, null, Path, null, null).Build();
        _server = new HttpServer(options, services, services.GetRequiredService<ILoggerFactory>(), async context =>
        {
            await meter.RefreshAsync();
            await page(context);
        });
    }

    /// <summary>Serves it, if the settings have an address for it.</summary>
    /// <exception cref="StartupException">The address makes no sense, or is in use.</exception>
    public static async Task<MetricsPage?> StartAsync(SupervisorSettings settings, IServiceProvider services, DaemonMeter? meter)
    {
        if (settings.MetricsAddress is not string address || meter is null)
        {
            return null;
        }

        MetricsPage page = new(address, services, meter);
        await page._server.StartAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        _server.Dispose();
        _meters.Dispose();
        _claim?.Dispose();
    }

    /// <summary>Where it listens.</summary>
    /// <exception cref="StartupException">The address makes no sense.</exception>
    public static KestrelServerOptions Options(string address)
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        if (address.StartsWith('/'))
        {
            options.ListenUnixSocket(address, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else if (IPEndPoint.TryParse(address, out IPEndPoint? endpoint) && endpoint.Port != 0)
        {
            options.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else
        {
            throw new StartupException($"\"{address}\" is no address for metrics: a path of a socket, or ADDRESS:PORT");
        }

        return options;
    }
}
