using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Daemons;

/// <summary>A root file system of one static busybox, Debian's.</summary>
internal static class Rootfs
{
    private const string Busybox = "/bin/busybox";

    public static async Task BuildAsync(string directory)
    {
        foreach (string folder in (string[])["bin", "proc", "dev", "sys", "tmp", "etc"])
        {
            Directory.CreateDirectory(Path.Combine(directory, folder));
        }

        File.Copy(Busybox, Path.Combine(directory, "bin/busybox"));
        string applets = (await Command.RunAsync(Busybox, ["--list"])).MustSucceed().Output;
        foreach (string applet in applets.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(applet => applet != "busybox"))
        {
            File.CreateSymbolicLink(Path.Combine(directory, "bin", applet), "busybox");
        }
    }
}
