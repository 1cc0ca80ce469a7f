namespace ShimStack.Native.Mounts;

/// <summary>Mounts and unmounts. Both may take long: not on the loop's thread.</summary>
public static class MountPoint
{
    /// <summary>Mounts <paramref name="source"/>, with the file system's own options in <paramref name="data"/>. See mount(2).</summary>
    public static void Mount(string source, string target, string type, MountFlags flags, string? data) =>
        Syscall.Check(LinuxCalls.mount(source, target, type, (ulong)flags, data), target);

    /// <summary>
    /// Unmounts the topmost mount at <paramref name="path"/>; false with the reason (EINVAL: nothing is mounted there, EBUSY). See
    /// umount2(2).
    /// </summary>
    public static bool TryUnmount(string path, UnmountFlags flags, out Errno errno)
    {
        int result;
        do
        {
            result = LinuxCalls.umount2(path, (int)flags);
        }
        while (Syscall.Interrupted(result));
        errno = result == 0 ? Errno.None : Syscall.LastErrno;
        return result == 0;
    }
}
