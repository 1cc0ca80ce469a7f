namespace ShimStack.ShimDriver.Host;

/// <summary>What is mounted below a directory.</summary>
public static class Mounts
{
    /// <summary>Mount points at or below the directory, deepest first, as /proc/self/mountinfo spells them.</summary>
    public static IReadOnlyList<string> Below(string directory) =>
        [.. File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' ')[4])
            .Where(point => point == directory || point.StartsWith(directory + "/", StringComparison.Ordinal))
            .Reverse()];

    /// <summary>Detaches all of them.</summary>
    public static void DetachBelow(string directory)
    {
        foreach (string point in Below(directory))
        {
            LibC.Check(LibC.Unmount(point, LibC.MNT_DETACH), $"umount {point}");
        }
    }
}
