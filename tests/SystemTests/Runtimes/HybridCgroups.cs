using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>
/// crun refuses a machine with cgroup v1 on which cgroup2 carries a controller as well. A controller leaves cgroup2 while it is mounted as v1: done here in
/// a mount namespace that only the daemon under test sees, and undone at the end.
/// </summary>
internal static class HybridCgroups
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>The controllers that are in crun's way; none on a machine with one kind of hierarchy.</summary>
    public static string[] Controllers()
    {
        const string List = $"{Root}/unified/cgroup.controllers";
        return File.Exists(List) ? File.ReadAllText(List).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>What starts a program behind these mounts: to be followed by the program and its arguments; empty where nothing is needed.</summary>
    public static string Prefix(string[] controllers) =>
        controllers.Length == 0 ? "" : $"unshare --mount /bin/sh -c '{Mounts(controllers)} && exec \"$0\" \"$@\"'";

    /// <summary>
    /// Takes the cgroup <paramref name="parent"/>, with what a failed test has left below it, out of these hierarchies, so that the controllers go back to cgroup2. A hierarchy outlives its unmounting
    /// while a removed cgroup of it is not yet freed: then it is mounted and unmounted again.
    /// </summary>
    public static async Task RestoreAsync(string[] controllers, string parent)
    {
        if (controllers.Length == 0)
        {
            return;
        }

        string remove = string.Join("; ", controllers.Select(name => $"find {Root}/{name}/{parent} -depth -type d -exec rmdir {{}} + 2>/dev/null; umount {Root}/{name}; rmdir {Root}/{name}"));
        for (int tries = 0; tries < 50 && Controllers().Length < controllers.Length; tries++)
        {
            (await Command.RunAsync("unshare", ["--mount", "/bin/sh", "-c", $"{Mounts(controllers)} && {{ {remove}; }}"])).MustSucceed();
            await Until.IsTrueAsync(() => Controllers().Length == controllers.Length, TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(controllers, Controllers());
    }

    private static string Mounts(string[] controllers) =>
        string.Join(" && ", controllers.Select(name => $"mkdir -p {Root}/{name} && mount -t cgroup -o {name} cgroup {Root}/{name}"));
}
