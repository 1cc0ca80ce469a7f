using System.Runtime.InteropServices;
using ShimStack.Native.Mounts;

namespace ShimStack.Native;

internal static unsafe partial class LinuxCalls
{
    internal const nint SYS_open_tree = 428;
    internal const nint SYS_move_mount = 429;
    internal const nint SYS_mount_setattr = 442;
    internal const int OPEN_TREE_CLONE = 1;
    internal const int AT_RECURSIVE = 0x8000;
    internal const int MOVE_MOUNT_F_EMPTY_PATH = 4;
    internal const nuint LOOP_CONFIGURE = 0x4c0a;
    internal const nuint LOOP_CTL_GET_FREE = 0x4c82;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string source, string target, string type, ulong flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int umount2(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statfs(string path, FileSystemStatus* status);

    /// <summary>In user_namespace.c; errors come back in <paramref name="step"/> and <paramref name="error"/>.</summary>
    [LibraryImport("libshimstack", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int shimstack_user_namespace(string uidMap, string gidMap, UserNamespaceStep* step, Errno* error);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint syscall_open_tree(nint number, nint directory, string path, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint syscall_move_mount(
        nint number, FileDescriptor tree, string treePath, nint directory, string target, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint syscall_mount_setattr(
        nint number, FileDescriptor tree, string path, nint flags, MountAttributes* attributes, nint size);
}
