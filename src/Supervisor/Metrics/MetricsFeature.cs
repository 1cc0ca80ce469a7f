using Grpc.AspNetCore.Server;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Metrics;

/// <summary>What counts for <see cref="MetricsPage"/>; without an address for it there is nothing of it.</summary>
internal static class MetricsFeature
{
    public static IServiceCollection AddMetrics(this IServiceCollection services, SupervisorSettings settings)
    {
        if (settings.MetricsAddress is not null)
        {
            services.AddSingleton<DaemonMeter>().AddSingleton<CallMeter>();
            services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<CallMeter>());
        }

        return services;
    }
}
