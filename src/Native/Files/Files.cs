using System.Runtime.InteropServices;
using System.Text;

namespace ShimStack.Native.Files;

/// <summary>
/// Files and directories by path and by descriptor. Failures are <see cref="SyscallException"/> unless the result says otherwise.
/// </summary>
public static unsafe partial class Files
{
    private const int PathMax = 4096;

    /// <summary>
    /// Opens <paramref name="path"/> with O_CLOEXEC; <paramref name="mode"/> (less the umask) is for O_CREAT. See open(2).
    /// </summary>
    public static FileDescriptor Open(string path, OpenFlags flags, int mode = 0)
    {
        int fd;
        do
        {
            fd = LinuxCalls.open(path, (int)flags | LinuxCalls.O_CLOEXEC, mode);
        }
        while (Syscall.Interrupted(fd));
        return FileDescriptor.Take(Syscall.Check(fd, path, "open"));
    }

    /// <summary>Gives the file behind <paramref name="path"/> (symlinks followed) to a user and group. See chown(2).</summary>
    public static void SetOwner(string path, uint uid, uint gid) => Syscall.Check(LinuxCalls.chown(path, uid, gid), path);

    /// <summary>Gives an open file to a user and group. See fchown(2).</summary>
    public static void SetOwner(FileDescriptor fd, uint uid, uint gid) => Syscall.Check(LinuxCalls.fchown(fd, uid, gid));

    /// <summary>Sets the permission bits, untouched by the umask; symlinks are followed. See chmod(2).</summary>
    public static void SetMode(string path, int mode) => Syscall.Check(LinuxCalls.chmod(path, mode), path);

    /// <summary>Sets the permission bits of an open file, untouched by the umask. See fchmod(2).</summary>
    public static void SetMode(FileDescriptor fd, int mode) => Syscall.Check(LinuxCalls.fchmod(fd, mode));

    /// <summary>What the kernel knows of the file behind <paramref name="path"/>, symlinks followed. See statx(2).</summary>
    public static FileStatus Status(string path)
    {
        StatxBuffer status;
        Syscall.Check(LinuxCalls.statx(LinuxCalls.AT_FDCWD, path, 0, LinuxCalls.STATX_BASIC_STATS, &status), path);
        return status.ToStatus();
    }

    /// <summary>What the kernel knows of an open file. See statx(2).</summary>
    public static FileStatus Status(FileDescriptor fd)
    {
        StatxBuffer status;
        Syscall.Check(LinuxCalls.statx(fd, "", LinuxCalls.AT_EMPTY_PATH, LinuxCalls.STATX_BASIC_STATS, &status));
        return status.ToStatus();
    }

    /// <summary>As <see cref="Status(string)"/>; null if there is no such file (ENOENT, ENOTDIR). See statx(2).</summary>
    public static FileStatus? TryStatus(string path) => TryStatus(path, 0);

    /// <summary>
    /// As <see cref="TryStatus(string)"/>, of a symlink itself and not of what it points to. See statx(2), AT_SYMLINK_NOFOLLOW.
    /// </summary>
    public static FileStatus? TryLinkStatus(string path) => TryStatus(path, LinuxCalls.AT_SYMLINK_NOFOLLOW);

    /// <summary>Makes a directory with <paramref name="mode"/> less the umask. See mkdir(2).</summary>
    public static void MakeDirectory(string path, int mode) => Syscall.Check(LinuxCalls.mkdir(path, mode), path);

    /// <summary>Makes a FIFO with <paramref name="mode"/> less the umask. See mkfifo(3).</summary>
    public static void MakeFifo(string path, int mode) => Syscall.Check(LinuxCalls.mkfifo(path, mode), path);

    /// <summary>Removes an empty directory. See rmdir(2).</summary>
    public static void RemoveDirectory(string path) => Syscall.Check(LinuxCalls.rmdir(path), path);

    /// <summary>Removes a name that is no directory. See unlink(2).</summary>
    public static void Unlink(string path) => Syscall.Check(LinuxCalls.unlink(path), path);

    /// <summary>As <see cref="Unlink"/>; false if there was nothing (ENOENT). See unlink(2).</summary>
    public static bool TryUnlink(string path)
    {
        int result = LinuxCalls.unlink(path);
        if (result == -1 && Syscall.LastErrno == Errno.ENOENT)
        {
            return false;
        }

        Syscall.Check(result, path, "unlink");
        return true;
    }

    /// <summary>Renames within a file system; what <paramref name="to"/> was is replaced in one step. See rename(2).</summary>
    public static void Rename(string from, string to) => Syscall.Check(LinuxCalls.rename(from, to), $"{from} to {to}");

    /// <summary>Makes <paramref name="link"/>, which points to <paramref name="target"/>, whatever that is. See symlink(2).</summary>
    public static void Symlink(string target, string link) => Syscall.Check(LinuxCalls.symlink(target, link), link);

    /// <summary>What a symlink points to, as it was written. See readlink(2).</summary>
    public static string ReadLink(string path)
    {
        byte* buffer = stackalloc byte[PathMax];
        int length = Syscall.Check(LinuxCalls.readlink(path, buffer, PathMax), path);
        return Encoding.UTF8.GetString(buffer, length);
    }

    /// <summary>
    /// The path of <paramref name="path"/> inside <paramref name="root"/>, symlinks resolved as if root were "/": it never leads out of
    /// root. Parts that do not exist are kept as they are. Who can change the tree meanwhile can still mislead a later open. ELOOP after
    /// 255 symlinks. See path_resolution(7), chroot(2).
    /// </summary>
    public static string ResolveInRoot(string root, string path) => new RootedPath(root).Resolve(path);

    /// <summary>The absolute path without symlinks, "." and ".."; every part must exist. See realpath(3).</summary>
    public static string RealPath(string path)
    {
        byte* buffer = stackalloc byte[PathMax];
        nint result = LinuxCalls.realpath(path, buffer) is null ? -1 : 0;
        Syscall.Check(result, path, "realpath");
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
    }

    private static FileStatus? TryStatus(string path, int flags)
    {
        StatxBuffer status;
        int result = LinuxCalls.statx(LinuxCalls.AT_FDCWD, path, flags, LinuxCalls.STATX_BASIC_STATS, &status);
        if (result == -1 && Syscall.LastErrno is (Errno.ENOENT or Errno.ENOTDIR))
        {
            return null;
        }

        Syscall.Check(result, path, "statx");
        return status.ToStatus();
    }
}
