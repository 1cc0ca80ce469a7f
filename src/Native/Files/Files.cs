using System.Runtime.InteropServices;
using System.Text;

namespace ShimStack.Native.Files;

/// <summary>
/// Files and directories by path and by descriptor. Failures are <see cref="SyscallException"/> unless the result says otherwise.
/// </summary>
public static unsafe class Files
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

    /// <summary>Reads at most as much as <paramref name="buffer"/> holds; does not allocate. See read(2).</summary>
    public static IoResult Read(FileDescriptor fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.read(fd, start, (nuint)buffer.Length));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>Writes <paramref name="data"/> or the part that fits; does not allocate. See write(2).</summary>
    public static IoResult Write(FileDescriptor fd, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.write(fd, start, (nuint)data.Length));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>
    /// Reads the file <paramref name="name"/> in <paramref name="directory"/> from its start, as much as <paramref name="buffer"/> holds;
    /// that it cannot be opened is a value, too. Does not allocate. See openat(2), read(2).
    /// </summary>
    public static IoResult ReadIn(FileDescriptor directory, string name, Span<byte> buffer)
    {
        int fd;
        do
        {
            fd = LinuxCalls.openat(directory, name, LinuxCalls.O_CLOEXEC, 0);
        }
        while (Syscall.Interrupted(fd));
        if (fd == -1)
        {
            return Syscall.Io(fd);
        }

        IoResult result = ReadToEnd(fd, buffer);
        _ = LinuxCalls.close(fd);
        return result;
    }

    /// <summary>Reads at a place of a regular file, whatever its position. See pread(2).</summary>
    public static IoResult ReadAt(FileDescriptor fd, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.pread(fd, start, (nuint)buffer.Length, offset));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>Writes <paramref name="data"/>, or a part of it, at a place of a regular file. See pwrite(2).</summary>
    public static IoResult WriteAt(FileDescriptor fd, ReadOnlySpan<byte> data, long offset)
    {
        fixed (byte* start = data)
        {
            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.pwrite(fd, start, (nuint)data.Length, offset));
            }
            while (result.Interrupted);
            return result;
        }
    }

    /// <summary>
    /// Takes the exclusive lock of an open file, which ends with its last descriptor; false if another has it. See flock(2).
    /// </summary>
    public static bool TryLock(FileDescriptor fd)
    {
        int result = LinuxCalls.flock(fd, LinuxCalls.LOCK_EX | LinuxCalls.LOCK_NB);
        if (result != 0 && Syscall.LastErrno == Errno.EAGAIN)
        {
            return false;
        }

        Syscall.Check(result, null, "flock");
        return true;
    }

    /// <summary>Waits until what was written has reached the disk. See fsync(2).</summary>
    public static void Sync(FileDescriptor fd) => Syscall.Check(LinuxCalls.fsync(fd));

    /// <summary>Another descriptor for the same open file. See fcntl(2), F_DUPFD_CLOEXEC.</summary>
    public static FileDescriptor Duplicate(FileDescriptor fd) =>
        FileDescriptor.Take(Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_DUPFD_CLOEXEC, 0)));

    /// <summary>
    /// Makes the number <paramref name="target"/> (0, 1 or 2 as a rule) a copy of <paramref name="fd"/>, with O_CLOEXEC; what it was before
    /// is closed. See dup3(2).
    /// </summary>
    public static void DuplicateTo(FileDescriptor fd, int target)
    {
        int result;
        do
        {
            result = LinuxCalls.dup3(fd, target, LinuxCalls.O_CLOEXEC);
        }
        while (Syscall.Interrupted(result));
        Syscall.Check(result, null, "dup3");
    }

    /// <summary>Sets or clears O_NONBLOCK, which belongs to the open file and not to the descriptor. See fcntl(2), F_SETFL.</summary>
    public static void SetNonBlocking(FileDescriptor fd, bool on)
    {
        int flags = Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_GETFL, 0));
        int wanted = on ? flags | (int)OpenFlags.O_NONBLOCK : flags & ~(int)OpenFlags.O_NONBLOCK;
        if (wanted != flags)
        {
            Syscall.Check(LinuxCalls.fcntl(fd, LinuxCalls.F_SETFL, wanted));
        }
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

    private static IoResult ReadToEnd(int fd, Span<byte> buffer)
    {
        int length = 0;
        fixed (byte* start = buffer)
        {
            while (length < buffer.Length)
            {
                IoResult result = Syscall.Io(LinuxCalls.read(fd, start + length, (nuint)(buffer.Length - length)));
                if (!result.IsOk && !result.Interrupted)
                {
                    return result;
                }

                if (result.IsEnd)
                {
                    break;
                }

                length += result.Count;
            }
        }

        return new IoResult(length, Errno.None);
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
