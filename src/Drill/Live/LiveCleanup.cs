using Grpc.Core;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Native.Mounts;

namespace ShimStack.Drill.Live;

/// <summary>
/// The end of every drill of a live daemon, however it ended: the daemon runs again, then everything of the drill is taken away, by the daemon
/// first, and by force what it leaves. Nothing else is touched: what is ours is known by our cgroup, our folder, our namespace or our ids.
/// </summary>
internal sealed class LiveCleanup(ILiveTarget target, WatchLoop loop, IReadOnlyList<string> ids)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ForceLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private TargetPlaces Places => target.Places;

    /// <exception cref="DrillException">Not all could be done; the rest was, and it says what is left.</exception>
    public async Task RunAsync(LiveDaemon? daemon = null)
    {
        List<string> left = [];
        await TryAsync(left, "the daemon does not run", () => RestoreAsync(daemon));
        await TryAsync(left, "the daemon does not remove what is the drill's", RemoveAsync);
        await TryAsync(left, "not all is gone", ForceAsync);
        daemon?.Leave();
        if (left.Count > 0)
        {
            throw new DrillException($"the drill could not clean up: {string.Join("; ", left)}");
        }
    }

    private static async Task TryAsync(List<string> left, string what, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is RpcException or DrillException or TimeoutException or IOException or Native.SyscallException
            or OperationCanceledException)
        {
            left.Add($"{what}: {(e is RpcException call ? call.Status.Detail : e.Message)}");
        }
    }

    private async Task RestoreAsync(LiveDaemon? daemon)
    {
        if (daemon is null)
        {
            return;
        }

        await daemon.RestoreAsync();
        using CancellationTokenSource limit = new(AnswerLimit);
        using IDaemonApi api = target.Connect(new DrillRecord(TimeProvider.System));
        while (true)
        {
            try
            {
                await api.PingAsync(limit.Token);
                return;
            }
            catch (RpcException) when (!limit.IsCancellationRequested)
            {
                if (daemon.End.IsCompleted)
                {
                    throw new DrillException($"it ended at its start; its log is {Places.LogFile}");
                }

                await Task.Delay(Pause, limit.Token); // It comes.
            }
        }
    }

    private async Task RemoveAsync()
    {
        using CancellationTokenSource limit = new(RemovalLimit);
        await target.RemoveAllAsync(limit.Token);
    }

    private async Task ForceAsync()
    {
        using CancellationTokenSource limit = new(ForceLimit);
        while (OwnProcesses.Find(Places, ids) is { Count: > 0 } processes)
        {
            Machine.Thaw(Places);
            foreach (int pid in processes)
            {
                OwnProcesses.Kill(pid);
            }

            await Task.Delay(Pause, limit.Token);
            await loop.ReapAsync();
        }

        foreach (string mount in Machine.Mounts(Places, ids))
        {
            MountPoint.TryUnmount(mount, UnmountFlags.MNT_DETACH, out _);
        }

        foreach (string socket in ids.Select(Places.ShimSocketOf))
        {
            File.Delete(socket);
        }

        await RemoveSliceAsync();
        foreach (string cgroup in Machine.Cgroups(Places).Concat(Machine.CgroupParents(Places)))
        {
            RemoveCgroup(cgroup);
        }

        RemoveBundles();
        if (Machine.Mounts(Places, ids) is [string stuck, ..])
        {
            throw new DrillException($"{stuck} cannot be unmounted: {Places.Folder} is left as it is");
        }

        if (Directory.Exists(Places.Folder))
        {
            Directory.Delete(Places.Folder, recursive: true);
        }
    }

    private static void RemoveCgroup(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // The daemon was quicker.
        }
    }

    // Of systemd's making, and to be ended by it.
    private async Task RemoveSliceAsync()
    {
        if (Places.CgroupParent != Places.Name && Systemctl.TryFind() is Systemctl systemctl)
        {
            await systemctl.RunAsync(loop, "stop", Places.CgroupParent);
        }
    }

    // The folders of the namespace stay with a daemon for ever, and so does a bundle whose removal was cut.
    private void RemoveBundles()
    {
        foreach (string folder in (string[])[Places.Bundles, Places.WorkFolders])
        {
            foreach (string ours in LeftoverSweep.Ours(Places, folder, ids))
            {
                Directory.Delete(ours, recursive: true);
            }

            if (!Places.IsShared && Directory.Exists(folder))
            {
                Directory.Delete(folder);
            }
        }
    }
}
