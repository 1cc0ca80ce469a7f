using Grpc.AspNetCore.Server;
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

    /// <exception cref="StartupException">The endpoint is no URL.</exception>
    public static void AddTracing(this WebApplicationBuilder builder, SupervisorSettings settings)
    {
        if (settings.TracesEndpoint is not string endpoint)
        {
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            throw new StartupException($"\"{endpoint}\" is no endpoint for traces: http://ADDRESS:PORT");
        }

        builder.Services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<CallTraces>());
        builder.Services.AddSingleton<CallTraces>().AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(TaskTrace.Name))
            .WithTracing(tracing => tracing.AddSource(TaskTrace.Name).AddOtlpExporter(exporter =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = url.AbsolutePath == "/" ? new Uri(url, Path) : url;
            }));
    }
}
