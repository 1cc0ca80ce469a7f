namespace ShimStack.Native.Files;

/// <summary>The S_IFMT part of a mode. See inode(7).</summary>
public enum FileType
{
    Unknown = 0,
    Fifo = 0x1000,
    CharDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Symlink = 0xa000,
    Socket = 0xc000,
}
