namespace ShimStack.Native.Files;

/// <summary>
/// What the kernel knows of a file: <paramref name="Mode"/> is the permission bits (07777), <paramref name="Size"/> is in bytes,
/// <paramref name="Device"/> holds the file, <paramref name="Rdev"/> is the device that a device node stands for. See inode(7).
/// </summary>
public readonly record struct FileStatus(FileType Type, int Mode, uint Uid, uint Gid, long Size, ulong Device, ulong Inode, ulong Rdev);
