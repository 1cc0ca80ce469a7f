using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Daemons;

/// <summary>
/// A root file system of one static busybox, Debian's. Its programs are hard links, as busybox makes them itself: a link of its own for each would be an inode,
/// and a file system without a journal (ext4, see recently_deleted in fs/ext4/ialloc.c) passes over those that the last tests have deleted, one by one, for
/// a minute: a quarter of a second for each root file system, and for each copy of it in an image.
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
        File.Copy(Busybox, own);
        (await Command.RunAsync(own, ["--install", bin])).MustSucceed();
    }
}
