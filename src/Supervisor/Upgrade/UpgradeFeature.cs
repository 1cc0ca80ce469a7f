using ShimStack.Api.Upgrades;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>What replaces this build by another.</summary>
internal sealed class UpgradeFeature
{
    private const string Service = "shimstack.upgrades.v1.Upgrades/";

    public UpgradeFeature(DaemonSurroundings around, Children children, Succession succession)
    {
        StateCheck check = new(around.Database, around.Settings, children, succession);
        UpgradesService service = new(succession, check, around.Settings, around.Logger<UpgradesService>());
        around.Api
            .Unary(Service + nameof(service.Begin), BeginRequest.Parser, BeginResponse.Parser, service.Begin)
            .Unary(Service + nameof(service.Last), LastRequest.Parser, LastResponse.Parser, service.Last);
    }
}
