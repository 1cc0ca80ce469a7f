using System.Globalization;
using System.Text;

namespace ShimStack.Native.Mounts;

/// <summary>
/// Mounts whose owners are shifted: <see cref="OpenTree"/> a copy of a mount, <see cref="SetIdMapping"/> on it, <see cref="MoveMount"/> it
/// into place.
/// </summary>
public static unsafe class IdmappedMounts
{
    /// <summary>
    /// A user namespace with these maps and nobody in it, alive as long as the descriptor is open. See user_namespaces(7).
    /// </summary>
    public static FileDescriptor CreateUserNamespace(IReadOnlyList<IdMapping> uidMaps, IReadOnlyList<IdMapping> gidMaps)
    {
        UserNamespaceStep step;
        Errno error;
        int fd = LinuxCalls.shimstack_user_namespace(Format(uidMaps), Format(gidMaps), &step, &error);
        return fd >= 0 ? FileDescriptor.Take(fd) : throw new SyscallException(step.ToString(), error, "user namespace");
    }

    /// <summary>
    /// Holds the mount at <paramref name="path"/>, or with <paramref name="clone"/> a detached copy of it (with the mounts below it if
    /// <paramref name="recursive"/>), which goes away with the descriptor unless it is moved into place. See open_tree(2).
    /// </summary>
    public static FileDescriptor OpenTree(string path, bool clone, bool recursive)
    {
        int flags = LinuxCalls.O_CLOEXEC | (clone ? LinuxCalls.OPEN_TREE_CLONE : 0) | (recursive ? LinuxCalls.AT_RECURSIVE : 0);
        nint fd = LinuxCalls.syscall_open_tree(LinuxCalls.SYS_open_tree, LinuxCalls.AT_FDCWD, path, flags);
        return FileDescriptor.Take(Syscall.Check(fd, path, "open_tree"));
    }

    /// <summary>
    /// Shifts the owners seen through a mount by the maps of a user namespace; EINVAL if the file system cannot, EPERM if it is shifted
    /// already. See mount_setattr(2).
    /// </summary>
    public static void SetIdMapping(FileDescriptor tree, FileDescriptor userNamespace, bool recursive = false)
    {
        MountAttributes attributes = new() { Set = MountAttributes.MOUNT_ATTR_IDMAP, UserNamespace = (ulong)userNamespace.Number };
        int flags = LinuxCalls.AT_EMPTY_PATH | (recursive ? LinuxCalls.AT_RECURSIVE : 0);
        nint result = LinuxCalls.syscall_mount_setattr(LinuxCalls.SYS_mount_setattr, tree, "", flags, &attributes, sizeof(MountAttributes));
        Syscall.Check(result, null, "mount_setattr");
        GC.KeepAlive(userNamespace);
    }

    /// <summary>Puts a detached mount at <paramref name="target"/>. See move_mount(2).</summary>
    public static void MoveMount(FileDescriptor tree, string target)
    {
        nint result = LinuxCalls.syscall_move_mount(
            LinuxCalls.SYS_move_mount, tree, "", LinuxCalls.AT_FDCWD, target, LinuxCalls.MOVE_MOUNT_F_EMPTY_PATH);
        Syscall.Check(result, target, "move_mount");
    }

    private static string Format(IReadOnlyList<IdMapping> maps)
    {
        StringBuilder lines = new();
        foreach (IdMapping map in maps)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{map.InsideId} {map.OutsideId} {map.Count}\n");
        }

        return lines.ToString();
    }
}
