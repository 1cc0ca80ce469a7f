namespace ShimStack.Drill.Targets;

/// <summary>What targets are called, and what all of them get.</summary>
public static class TargetNames
{
    public const string Shimstack = "shimstack";
    public const string Containerd = "containerd";

    public const string Docker = "docker";
    public const string Shim = "shim";

    public static IReadOnlyList<string> All { get; } = [Shimstack, Containerd, Docker, Shim];

    /// <summary>Nothing of ours is handed on but where programs are.</summary>
    internal static IReadOnlyList<string> Environment(TargetPlaces places, string daemon) =>
    [
        $"PATH={places.Programs}:{Path.GetDirectoryName(daemon)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        $"TMPDIR={places.Temporary}",
    ];
}
