using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Puts gRPC into the daemon.</summary>
internal static class ApiFeature
{
    private const int MaxMessage = 16 << 20; // as containerd's clients

    public static IServiceCollection AddApi(this IServiceCollection services, ILoggerFactory loggers)
    {
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxMessage;
            options.IgnoreUnknownServices = true; // see AbsentServices
            options.Interceptors.Add<CallErrors>(loggers.CreateLogger("calls"));
        });
        services.RemoveAll(typeof(IServiceMethodProvider<>)); // see ApiMethods

        // Types that the container would put together from open generics, which is slow under NativeAOT, are put together here.
        services.AddSingleton(provider => Configured(provider.GetServices<IConfigureOptions<GrpcServiceOptions>>()));
        services.AddSingleton(Options.Create(new GrpcServiceOptions<ApiMethods> { IgnoreUnknownServices = true }));
        services.AddSingleton(Options.Create(new RouteHandlerOptions())).AddSingleton(Options.Create(new RouteOptions()));
        return services.AddSingleton(loggers).AddSingleton<DaemonEnd>()
            .AddSingleton<ApiMethods>().AddSingleton<IServiceMethodProvider<ApiMethods>>(provider => provider.GetRequiredService<ApiMethods>());
    }

    /// <summary>The logger of a type; there is none for a type that is not named so.</summary>
    public static IServiceCollection AddLogger<T>(this IServiceCollection services) =>
        services.AddSingleton<ILogger<T>>(provider => new Logger<T>(provider.GetRequiredService<ILoggerFactory>()));

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
