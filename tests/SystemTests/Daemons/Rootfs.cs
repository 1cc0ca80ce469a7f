using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Daemons;

/// <summary>
/// A root file system of one static busybox, Debian's. Its programs are hard links, as busybox makes them itself. A symbolic link is an inode, and an ext4
/// without a journal gives none to a new file that was deleted in the last minute: it looks at them one by one, which took a quarter of a second for each
/// root file system and each copy of it in an image, and more the more tests there were (recently_deleted in fs/ext4/ialloc.c).
/// </summary>
internal static class Rootfs
{
    private const string Busybox = "/bin/busybox";

    public static async Task BuildAsync(string directory)
    {
        foreach (string folder in (string[])["bin", "proc", "dev", "sys", "tmp", "etc"])
        {
            Directory.CreateDirectory(Path.Combine(directory, folder));
        }

        string bin = Path.Combine(directory, "bin"), own = Path.Combine(bin, "busybox");
        ProgramFile.Copy(Busybox, own);
        (await Command.RunAsync(own, ["--install", bin])).MustSucceed();
    }
}
