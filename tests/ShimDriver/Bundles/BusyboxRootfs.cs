namespace ShimStack.ShimDriver.Bundles;

/// <summary>A root file system of one static binary and links to it.</summary>
public static class BusyboxRootfs
{
    private const string Busybox = "/bin/busybox";

    private static readonly string[] Applets =
        ["sh", "sleep", "true", "false", "echo", "cat", "dd", "yes", "kill", "ps", "head", "tail", "seq", "stty", "tty", "id", "ls", "mkdir", "touch", "wc", "test", "["];

    /// <summary>Fills the directory, which is created. /bin/busybox must be the static one (package busybox-static).</summary>
    public static void Fill(string directory)
    {
        foreach (string name in (string[])["bin", "proc", "dev", "sys", "tmp", "shared"])
        {
            Directory.CreateDirectory(Path.Combine(directory, name));
        }

        File.Copy(Busybox, Path.Combine(directory, "bin/busybox"));
        foreach (string applet in Applets)
        {
            File.CreateSymbolicLink(Path.Combine(directory, "bin", applet), "busybox");
        }
    }
}
