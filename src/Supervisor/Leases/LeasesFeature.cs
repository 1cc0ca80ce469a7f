using ShimStack.Supervisor.Hosting;
using LeasesApi = ShimStack.Api.Daemon.Leases;

namespace ShimStack.Supervisor.Leases;

/// <summary>Puts the leases into the daemon.</summary>
internal static class LeasesFeature
{
    public static IServiceCollection AddLeases(this IServiceCollection services) => services.AddSingleton<LeaseStore>().AddSingleton<LeasesService>();

    public static void MapLeases(this IEndpointRouteBuilder endpoints) => endpoints.MapService<LeasesService>(LeasesApi.BindService);
}
