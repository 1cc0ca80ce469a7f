namespace ShimStack.Native.Mounts;

/// <summary>What a path is mounted on.</summary>
public static unsafe class FileSystem
{
    private const MountFlags Lockable = MountFlags.MS_RDONLY | MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC
        | MountFlags.MS_NOATIME | MountFlags.MS_NODIRATIME;

    /// <summary>The magic number of the file system. See statfs(2).</summary>
    public static long TypeOf(string path) => StatusOf(path).Type;

    /// <summary>
    /// Those flags of the mount that a user namespace may not take away: a remount inside one has to name them again. See
    /// mount_namespaces(7), statfs(2).
    /// </summary>
    public static MountFlags LockedFlagsOf(string path)
    {
        // The ST_ numbers are those of MS_, but for relatime.
        ulong flags = StatusOf(path).Flags;
        MountFlags relative = (flags & FileSystemStatus.ST_RELATIME) != 0 ? MountFlags.MS_RELATIME : MountFlags.None;
        return ((MountFlags)flags & Lockable) | relative;
    }

    /// <summary>How much of it is left. See statfs(2).</summary>
    public static FileSystemSpace SpaceOf(string path)
    {
        FileSystemStatus status = StatusOf(path);
        ulong unit = (ulong)status.FragmentSize;
        return new FileSystemSpace(status.Blocks * unit, status.BlocksAvailable * unit, status.Files, status.FilesFree);
    }

    private static FileSystemStatus StatusOf(string path)
    {
        FileSystemStatus status;
        int result;
        do
        {
            result = LinuxCalls.statfs(path, &status);
        }
        while (Syscall.Interrupted(result));
        Syscall.Check(result, path, "statfs");
        return status;
    }
}
