using System.Security.Cryptography;
using System.Text;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Daemons;

/// <summary>What containers and shims could leave on the machine: looked for at the end of every test, by the names that only that test used.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Gives what is on its way out some time to go, then fails with a list of what is still there.</summary>
    public static async Task AssertNoneAsync(Stage stage)
    {
        await Until.IsTrueAsync(() => All(stage).Count == 0, Limit);
        Assert.Equal([], All(stage));
    }

    /// <summary>The last thing of a test: with the daemon stopped, no process may be left at all.</summary>
    public static async Task AssertNoProcessAsync(Stage stage)
    {
        await stage.Daemon.StopAsync();
        Assert.Equal([], stage.Guard.Processes());
    }

    /// <summary>Takes away what a failed test left, so that it does not fail others. The processes are gone: the guard is closed.</summary>
    public static async Task RemoveAsync(Stage stage)
    {
        await ThawAsync(stage);
        foreach (string mount in Mounts(stage).Reverse())
        {
            using System.Diagnostics.Process umount = Command.Start("umount", ["-l", mount]);
            umount.WaitForExit();
        }

        RemoveFromMemory(stage);
        if (Directory.Exists(stage.Directory))
        {
            Directory.Delete(stage.Directory, recursive: true);
        }
    }

    /// <summary>What does not outlive a boot: sockets, cgroups, and what is below /run on a real machine. No process of the stage may run.</summary>
    public static void RemoveFromMemory(Stage stage)
    {
        foreach (string socket in Sockets(stage))
        {
            File.Delete(socket);
        }

        foreach (string directory in Cgroups(stage).Reverse().Concat(CgroupParents(stage)))
        {
            Directory.Delete(directory);
        }

        foreach (string directory in ((string[])[RuntimeRoot(stage), Path.Combine(stage.Directory, "runc"), stage.Daemon.State]).Where(Directory.Exists))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public static IEnumerable<string> MountsBelow(string directory) => MountPoints().Select(mount => mount.Path)
        .Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal));

    /// <summary>What is frozen cannot die, not even of the guard's SIGKILL.</summary>
    private static async Task ThawAsync(Stage stage)
    {
        string[] frozen = [.. Cgroups(stage).Select(path => Path.Combine(path, "freezer.state")).Where(File.Exists)];
        foreach (string state in frozen)
        {
            await File.WriteAllTextAsync(state, "THAWED");
            await Until.IsTrueAsync(() => File.ReadAllText(Path.Combine(Path.GetDirectoryName(state)!, "cgroup.procs")).Length == 0, Limit);
        }
    }

    private static List<string> All(Stage stage)
    {
        int daemon = stage.Daemon.Pid;
        // Killed, the reference leaves its socket, its temporary files and the cgroups of a half-made container; ours may not.
        bool forgets = RuntimeUnderTest.IsReference && stage.ShimWasKilled;
        return
        [
            .. stage.Guard.Pids().Where(pid => pid != daemon).Select(pid => $"process {pid} {ProcessTable.CommandLine(pid)}"),
            .. Mounts(stage).Select(path => $"mount {path}"),
            .. Sockets(stage).Where(_ => !forgets).Select(path => $"socket {path}"),
            .. Cgroups(stage).Where(_ => !forgets).Select(path => $"cgroup {path}"),
            .. Entries(RuntimeRoot(stage)).Select(path => $"runtime state {path}"),
            .. Entries(Path.Combine(stage.Directory, "runc")).SelectMany(Entries).Select(path => $"runtime state {path}"),
            .. Entries(Path.Combine(stage.Daemon.State, "io.containerd.runtime.v2.task", stage.Namespace)).Select(path => $"bundle {path}"),
            .. Entries(stage.Daemon.TemporaryDirectory).Where(_ => !forgets).Select(path => $"temporary {path}"),
        ];
    }

    private static string RuntimeRoot(Stage stage) => stage.Daemon.Line == DaemonLine.Own
        ? Path.Combine(stage.Daemon.State, "runc", stage.Name)
        : Path.Combine("/run/containerd/runc", stage.Name);

    private static string[] Entries(string directory) => Directory.Exists(directory) ? Directory.GetFileSystemEntries(directory) : [];

    private static IEnumerable<string> Mounts(Stage stage) => MountsBelow(stage.Directory);

    /// <summary>The address of a shim is a function of the daemon's address, the namespace and the id.</summary>
    private static IEnumerable<string> Sockets(Stage stage) => stage.Ids
        .Select(id => $"{stage.Daemon.Address}/{stage.Namespace}/{id}")
        .Select(text => Path.Combine("/run/containerd/s", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))))
        .Where(File.Exists);

    private static IEnumerable<string> CgroupParents(Stage stage) => MountPoints()
        .Where(mount => mount.Type.StartsWith("cgroup", StringComparison.Ordinal))
        .Select(mount => Path.Combine(mount.Path, stage.Name))
        .Where(Directory.Exists);

    private static IEnumerable<string> Cgroups(Stage stage) =>
        CgroupParents(stage).SelectMany(parent => Directory.EnumerateDirectories(parent, "*", SearchOption.AllDirectories));

    private static IEnumerable<(string Path, string Type)> MountPoints()
    {
        foreach (string line in File.ReadLines("/proc/self/mountinfo"))
        {
            string[] halves = line.Split(" - ", 2);
            yield return (halves[0].Split(' ')[4], halves[1].Split(' ')[0]);
        }
    }
}
