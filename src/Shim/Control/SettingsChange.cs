using ShimStack.Api.Control;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Settings;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Control;

/// <summary>Settings: sets what is asked for, all or nothing, and tells what is in use.</summary>
internal sealed class SettingsChange(ShimSettings settings)
{
    /// <exception cref="RpcException">InvalidArgument: there is no such setting, or the value cannot be understood; nothing is set.</exception>
    public SettingsResponse Apply(SettingsRequest request)
    {
        ShimSettings trial = settings with { };
        foreach (ShimSettings target in (ShimSettings[])[trial, settings])
        {
            foreach ((string name, string value) in request.Set)
            {
                Set(target, name, value);
            }
        }

        ShimSettings defaults = new();
        SettingsResponse response = new();
        foreach (Setting setting in Setting.All)
        {
            response.Settings.Add(new SettingValue { Name = setting.Name, Value = setting.Show(settings), Default = setting.Show(defaults) });
        }

        return response;
    }

    private static void Set(ShimSettings target, string name, string value)
    {
        Setting setting = Setting.Find(name) ?? throw RpcException.InvalidArgument(
            $"there is no setting {name}; there are {string.Join(", ", Setting.All.Select(static setting => setting.Name))}");
        try
        {
            setting.Set(target, value);
        }
        catch (StartupException e)
        {
            throw RpcException.InvalidArgument(e.Message);
        }
    }
}
