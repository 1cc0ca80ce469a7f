using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
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
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxMessage;
            options.IgnoreUnknownServices = true; // see AbsentServices
        });
        services.RemoveAll(typeof(IServiceMethodProvider<>)); // see ApiMethods

        // Types that the container would put together from open generics, which is slow under NativeAOT, are put together here.
        services.AddSingleton(provider => Configured(provider.GetServices<IConfigureOptions<GrpcServiceOptions>>()));
        services.AddSingleton(Options.Create(new GrpcServiceOptions<ApiMethods> { IgnoreUnknownServices = true }));
        services.AddSingleton(Options.Create(new RouteHandlerOptions())).AddSingleton(Options.Create(new RouteOptions()));
        services.AddSingleton(loggers).AddSingleton(methods).AddSingleton<IServiceMethodProvider<ApiMethods>>(methods);
        return services.BuildServiceProvider();
    }

    private static IOptions<GrpcServiceOptions> Configured(IEnumerable<IConfigureOptions<GrpcServiceOptions>> steps)
    {
        GrpcServiceOptions options = new();
        foreach (IConfigureOptions<GrpcServiceOptions> step in steps)
        {
            step.Configure(options);
        }

        return Options.Create(options);
    }
}
