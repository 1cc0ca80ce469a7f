using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Net.Compression;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ShimStack.Supervisor.Hosting;

/// <summary>What gRPC keeps in a container of its own; nothing of the daemon is in it but its methods.</summary>
internal static class ApiServices
{
    private const int MaxMessage = 16 << 20; // as containerd's clients

    /// <summary>Makes it.</summary>
    public static ServiceProvider Create(ApiMethods methods, ILoggerFactory loggers)
    {
        ServiceCollection services = new();
        services.AddGrpc();
        services.RemoveAll(typeof(IServiceMethodProvider<>)); // see ApiMethods

        // Types that the container would put together from open generics, which is slow under NativeAOT, are put together here; what is not here, nobody needs.
        services.RemoveAll(typeof(IOptions<>));
        services.AddSingleton(Options.Create(GrpcOptions()));
        services.AddSingleton(Options.Create(new GrpcServiceOptions<ApiMethods> { IgnoreUnknownServices = true }));
        services.AddSingleton(Options.Create(new RouteHandlerOptions())).AddSingleton(Options.Create(new RouteOptions()));
        services.AddSingleton(loggers).AddSingleton(methods).AddSingleton<IServiceMethodProvider<ApiMethods>>(methods);
        return services.BuildServiceProvider();
    }

    private static GrpcServiceOptions GrpcOptions() => new()
    {
        MaxReceiveMessageSize = MaxMessage,
        IgnoreUnknownServices = true, // see AbsentServices
        CompressionProviders = [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)],
    };
}
