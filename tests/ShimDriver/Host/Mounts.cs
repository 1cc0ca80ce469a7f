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

    /// <summary>Mounts a directory at another place too. See mount(2), MS_BIND.</summary>
    public static void Bind(string source, string target) =>
        LibC.Check(LibC.Mount(source, target, "bind", LibC.MS_BIND | LibC.MS_REC, 0), $"mount {source} at {target}");

    /// <summary>Detaches all of them.</summary>
    public static void DetachBelow(string directory)
    {
        foreach (string point in Below(directory))
        {
            LibC.Check(LibC.Unmount(point, LibC.MNT_DETACH), $"umount {point}");
        }
    }
}
