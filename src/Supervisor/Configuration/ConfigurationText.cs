using System.Globalization;
using System.Text;

namespace ShimStack.Supervisor.Configuration;

/// <summary>Writes settings as a file that <see cref="ConfigurationFile"/> reads to the same ones.</summary>
internal static class ConfigurationText
{
    public static string Of(SupervisorSettings settings)
    {
        StringBuilder text = new();
        foreach (Setting setting in SettingsTable.All)
        {
            string? value = setting.Get(settings);
            text.Append(CultureInfo.InvariantCulture, $"# {setting.Help}.\n");
            text.Append(CultureInfo.InvariantCulture, $"{setting.Name} = {(setting.IsNumber ? value : Quote(value ?? ""))}\n\n");
        }

        text.Append("# Name of a runtime = path of its shim; every other name is looked for as containerd does.\n[runtimes]\n");
        foreach ((string name, string path) in settings.Runtimes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quote(name)} = {Quote(path)}\n");
        }

        return text.ToString();
    }

    private static string Quote(string value)
    {
        StringBuilder text = new("\"");
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                < ' ' or (char)0x7f => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }
}
