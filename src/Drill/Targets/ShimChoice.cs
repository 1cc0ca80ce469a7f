using System.Text.RegularExpressions;

namespace ShimStack.Drill.Targets;

/// <summary>Makes a daemon start a given shim: by a link in the first folder that it searches.</summary>
internal static partial class ShimChoice
{
    /// <returns>The name of the runtime that leads to <paramref name="shim"/>.</returns>
    public static string Install(string shim, string folder)
    {
        Match name = ShimName().Match(Path.GetFileName(shim));
        string file = name.Success ? name.Value : "containerd-shim-drilled-v2";
        File.CreateSymbolicLink(Path.Combine(folder, file), Path.GetFullPath(shim));
        return name.Success ? $"io.containerd.{name.Groups[1].Value}.{name.Groups[2].Value}" : "io.containerd.drilled.v2";
    }

    [GeneratedRegex("^containerd-shim-([a-z0-9]+)-(v[0-9]+)$")]
    private static partial Regex ShimName();
}
