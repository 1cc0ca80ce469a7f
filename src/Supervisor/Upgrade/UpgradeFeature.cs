using ShimStack.Api.Upgrades;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>Composition of what replaces this build by another.</summary>
internal static class UpgradeFeature
{
    private const string Service = "shimstack.upgrades.v1.Upgrades/";

    public static IServiceCollection AddUpgrade(this IServiceCollection services, Succession succession) => services
        .AddLogger<UpgradesService>()
        .AddSingleton(succession)
        .AddSingleton<StateCheck>()
        .AddSingleton<UpgradesService>();

    public static void MapUpgrade(this IServiceProvider services)
    {
        UpgradesService service = services.GetRequiredService<UpgradesService>();
        ApiMethods.Of(services)
            .Unary(Service + nameof(service.Begin), BeginRequest.Parser, BeginResponse.Parser, service.Begin)
            .Unary(Service + nameof(service.Last), LastRequest.Parser, LastResponse.Parser, service.Last);
    }
}
