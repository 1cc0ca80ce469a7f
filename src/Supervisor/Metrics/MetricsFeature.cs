using System.Net;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Metrics;

/// <summary>A page for Prometheus at /metrics, on an address of its own; without that address there is nothing of it.</summary>
internal static class MetricsFeature
{
    private const string Page = "/metrics";

    /// <exception cref="StartupException">The address makes no sense, or is in use.</exception>
    public static void AddMetrics(this WebApplicationBuilder builder, SupervisorSettings settings)
    {
        if (settings.MetricsAddress is not string address)
        {
            return;
        }

        builder.Services.AddSingleton<DaemonMeter>().AddSingleton<CallMeter>();
        builder.Services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<CallMeter>());
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(DaemonMeter.Name).AddPrometheusExporter());
        if (address.StartsWith('/'))
        {
            builder.Services.AddSingleton(ListenPath.Claim(address)); // its lock is held as long as the host is there
        }

        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, address));
    }

    public static void MapMetrics(this WebApplication application, SupervisorSettings settings)
    {
        if (settings.MetricsAddress is not null)
        {
            DaemonMeter meter = application.Services.GetRequiredService<DaemonMeter>();
            application.Use(async (context, next) =>
            {
                if (context.Request.Path == Page)
                {
                    await meter.RefreshAsync();
                }

                await next(context);
            });
            application.MapPrometheusScrapingEndpoint(Page);
        }
    }

    // HTTP/1.1 only: the services of gRPC cannot be reached here, whoever may connect.
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
}
