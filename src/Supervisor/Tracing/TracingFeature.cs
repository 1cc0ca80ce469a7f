using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Tracing;

/// <summary>Traces by OTLP over HTTP; without an endpoint there is nothing of it.</summary>
internal static class TracingFeature
{
    private const string Path = "/v1/traces";

    /// <summary>Has the calls in the traces, if somebody wants those.</summary>
    public static void AddTraces(this DaemonSurroundings around)
    {
        if (around.Settings.TracesEndpoint is not null)
        {
            around.Api.Edge.Add(new CallTraces());
        }
    }

    /// <summary>Collects and sends, until it is disposed of, which sends the rest; null if nobody wants traces.</summary>
    /// <exception cref="StartupException">The endpoint is no URL.</exception>
    public static TracerProvider? StartTraces(this SupervisorSettings settings)
    {
        if (EndpointOf(settings) is not Uri url)
        {
            return null;
        }

        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(TaskTrace.Name))
            .AddSource(TaskTrace.Name)
            .AddOtlpExporter(exporter =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = url.AbsolutePath == "/" ? new Uri(url, Path) : url;
            })
            .Build();
    }

    /// <summary>Where they go; null for nowhere.</summary>
    /// <exception cref="StartupException">The endpoint is no URL.</exception>
    public static Uri? EndpointOf(SupervisorSettings settings)
    {
        if (settings.TracesEndpoint is not string endpoint)
        {
            return null;
        }

        return Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url) && url.Scheme is ("http" or "https")
            ? url
            : throw new StartupException($"\"{endpoint}\" is no endpoint for traces: http://ADDRESS:PORT");
    }
}
