namespace ShimStack.Shim.Cgroups;

/// <summary>Whether a container is frozen, by whomever: its shim knows only of pauses that it was asked for. See cgroups(7).</summary>
internal static class Freezer
{
    private const int BufferLength = 256;

    /// <summary>Its processes do not run, not even to die (version 1) or to handle a signal.</summary>
    public static bool IsFrozen(ContainerCgroup? cgroup)
    {
        if (cgroup?.DirectoryOf("freezer") is not string directory)
        {
            return false;
        }

        using CgroupFiles files = new(directory, stackalloc byte[BufferLength]);
        return cgroup.IsUnified
            ? new FlatKeys(files.Read("cgroup.events"))["frozen"u8] == 1
            : !files.Read("freezer.state").StartsWith("THAWED"u8) && files.IsThere;
    }
}
