using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        return services.AddSingleton(loggers)
            .AddSingleton<ApiMethods>().AddSingleton<IServiceMethodProvider<ApiMethods>>(provider => provider.GetRequiredService<ApiMethods>());
    }

    /// <summary>The logger of a type. One for every type that there is would have to be made at run time, which is slow under NativeAOT.</summary>
    public static IServiceCollection AddLogger<T>(this IServiceCollection services) =>
        services.AddSingleton<ILogger<T>>(provider => new Logger<T>(provider.GetRequiredService<ILoggerFactory>()));
}
