using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Settings;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>Settings: sets what is asked for, all or nothing, and tells what is in use.</summary>
internal sealed class SettingsChange(ShimSettings settings)
{
    /// <exception cref="RpcException">InvalidArgument: there is no such setting, or the value cannot be understood; nothing is set.</exception>
    public Empty Apply(SettingsRequest request)
    {
        SetAll(request, settings with { });
        SetAll(request, settings);
        ShimSettings defaults = new();
        EncodedReport report = new();
        foreach (Setting setting in Setting.All)
        {
            report.Begin(1, "setting");
            report.Text(1, "name", setting.Name);
            report.Text(2, "value", setting.Show(settings));
            report.Text(3, "default", setting.Show(defaults));
            report.End();
        }

        return report.ToMessage();
    }

    private static void SetAll(SettingsRequest request, ShimSettings target)
    {
        foreach (string set in request.Set)
        {
            Setting setting = Setting.Find(set) ?? throw RpcException.InvalidArgument($"{set} names no setting; see docs/settings.md");
            try
            {
                setting.Set(target, Setting.ValueIn(set));
            }
            catch (StartupException e)
            {
                throw RpcException.InvalidArgument(e.Message);
            }
        }
    }
}
