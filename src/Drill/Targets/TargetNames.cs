namespace ShimStack.Drill.Targets;

/// <summary>What targets are called, and what all of them get.</summary>
internal static class TargetNames
{
    public const string Shimstack = "shimstack";
    public const string Containerd = "containerd";

    public static readonly string[] All = [Shimstack, Containerd];

    /// <summary>Nothing of ours is handed on but where programs are.</summary>
    public static IReadOnlyList<string> Environment(TargetPlaces places, string daemon) =>
    [
        $"PATH={places.Programs}:{Path.GetDirectoryName(daemon)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        $"TMPDIR={places.Temporary}",
    ];
}
