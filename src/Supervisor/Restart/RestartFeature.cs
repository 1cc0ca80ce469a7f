using ShimStack.Api.Restart;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Restart;

/// <summary>Composition of what starts containers again.</summary>
internal static class RestartFeature
{
    public static IServiceCollection AddRestarts(this IServiceCollection services) => services
        .AddLogger<RestartCourse>()
        .AddLogger<RestartBoot>()
        .AddLogger<Restarts>()
        .AddSingleton<RestartStore>()
        .AddSingleton<Runs>()
        .AddSingleton<RestartTry>()
        .AddSingleton<RestartCourse>()
        .AddSingleton<RestartBoot>()
        .AddSingleton<Restarts>()
        .AddSingleton<RestartsService>();

    public static void MapRestarts(this IServiceProvider services)
    {
        RestartsService service = services.GetRequiredService<RestartsService>();
        ApiMethods.Of(services).Unary(
            "shimstack.restart.v1.Restarts/" + nameof(service.List), ListRestartsRequest.Parser, ListRestartsResponse.Parser, service.List);
    }

    /// <summary>Begins to see to what should run; after <see cref="Recovery.TaskRecovery"/> has every task in the table.</summary>
    public static Task BeginRestartsAsync(this IServiceProvider services) =>
        services.GetRequiredService<Restarts>().BeginAsync(services.GetRequiredService<RestartBoot>());
}
