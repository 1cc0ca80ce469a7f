using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Settings;

/// <summary>Reads the settings from an environment. The start action does so first, so that a bad value is told to whoever runs a container.</summary>
internal static class SettingsReader
{
    /// <summary>The settings in this process's environment.</summary>
    /// <inheritdoc cref="Read(Func{string, string?})"/>
    public static ShimSettings Read() => Read(Environment.GetEnvironmentVariable);

    /// <summary>The settings in an environment; what is not set has its default.</summary>
    /// <exception cref="StartupException">A value cannot be understood; names variable, value and what is expected.</exception>
    public static ShimSettings Read(Func<string, string?> environment)
    {
        ShimSettings settings = new();
        foreach (Setting setting in Setting.All)
        {
            if (environment(setting.Name) is { Length: > 0 } value)
            {
                setting.Set(settings, value);
            }
        }

        return settings;
    }
}
