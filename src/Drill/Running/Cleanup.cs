using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Native.Mounts;

namespace ShimStack.Drill.Running;

/// <summary>
/// Takes away all that is left, by force and without the help of daemon or shims: after a violation, a failure or ctrl-c.
/// </summary>
internal sealed class Cleanup(TargetPlaces places, WatchLoop loop, DrillRecord record)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <param name="daemons">Their pids, first of all to go: they would make more.</param>
    public async Task RunAsync(IReadOnlyList<int> daemons)
    {
        string[] ids = record.Read(() => record.Subjects.Select(static subject => subject.Id).Distinct().ToArray());
        foreach (int daemon in daemons.Where(static pid => pid != 0))
        {
            OwnProcesses.Kill(daemon);
        }

        await KillAllAsync();
        foreach (string mount in Machine.Mounts(places, ids))
        {
            MountPoint.TryUnmount(mount, UnmountFlags.MNT_DETACH, out _);
        }

        foreach (string socket in ids.Select(places.ShimSocketOf))
        {
            File.Delete(socket);
        }

        foreach (string cgroup in Machine.Cgroups(places).Concat(Machine.CgroupParents(places)))
        {
            Directory.Delete(cgroup);
        }

        if (Machine.Mounts(places, ids) is [string stuck, ..])
        {
            throw new DrillException($"{stuck} cannot be unmounted: {places.Folder} is left as it is");
        }

        Directory.Delete(places.Folder, recursive: true);
    }

    // Some start others as they go; what is frozen does not die before it is thawed.
    private async Task KillAllAsync()
    {
        Moment begin = record.Now();
        while (Machine.Descendants() is { Count: > 0 } processes)
        {
            Machine.Thaw(places);
            foreach (int pid in processes)
            {
                OwnProcesses.Kill(pid);
            }

            if (record.Now().Since(begin) > Limit)
            {
                throw new DrillException($"process {processes[0]} survives SIGKILL: look in /proc/{processes[0]}/wchan what it waits for");
            }

            await Task.Delay(Pause);
            await loop.ReapAsync();
        }
    }
}
