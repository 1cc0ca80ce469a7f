using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Events;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// What the shim does with the cgroup of a container from the creation of its init to its end: it lets everything be counted, and
/// tells of out-of-memory kills. Nothing here may fail a container. Contract chapters 3.3 (11-13), 3.6 and 8.
/// </summary>
internal sealed class TaskCgroups(EventLoop loop, TaskEvents events, ILogger logger)
{
    private readonly MemoryEventFiles _memoryEvents = new(loop);

    /// <summary>The init is in its cgroup: after Create, and for a container from a checkpoint after Start.</summary>
    public async Task EnterAsync(ContainerTask task)
    {
        if (task.Cgroup is not ContainerCgroup cgroup)
        {
            logger.CgroupNotFound(task.Id, task.Init.Pid);
            return;
        }

        task.OomWatch = WatchOf(task, cgroup);
        if (cgroup.IsUnified && CgroupControllers.Missing(CgroupMounts.Root, cgroup.Directory) is { Count: > 0 } missing)
        {
            await EnableAsync(task, missing);
        }

        Listen(task, cgroup);
    }

    /// <summary>A container was picked up: what another build saw is known, what happened since is told.</summary>
    public void Resume(ContainerTask task)
    {
        if (task is { Cgroup: ContainerCgroup cgroup, Init.Exit: null })
        {
            task.OomWatch = WatchOf(task, cgroup);
            Listen(task, cgroup);
        }
    }

    /// <summary>Leaves what it listens with.</summary>
    public void PutDown(ShimRecord record, Inheritance left) => _memoryEvents.PutDown(record, left);

    private OomWatch WatchOf(ContainerTask task, ContainerCgroup cgroup) => new(cgroup.Oom, () =>
    {
        logger.OutOfMemory(task.Id, cgroup.Oom.Kills);
        events.OutOfMemory(task);
    });

    private async Task EnableAsync(ContainerTask task, IReadOnlyList<(string File, string Text)> missing)
    {
        try
        {
            await BlockingCall.RunAsync(() => CgroupControllers.Write(missing));
        }
        catch (SyscallException e)
        {
            logger.ControllersNotEnabled(UserNamespace.IsInside() ? LogLevel.Debug : LogLevel.Error, task.Id, e.Message);
        }
    }

    private void Listen(ContainerTask task, ContainerCgroup cgroup)
    {
        if (cgroup.DirectoryOf("memory") is not string directory)
        {
            logger.OomWatchFailed(task.Id, "it is in no cgroup of the memory controller");
            return;
        }

        try
        {
            // Who manages the cgroup removes it as soon as it is empty, and that is before a parent learns of its child's end.
            task.Init.Stdio?.OnOutputEnd(() => task.OomWatch?.Look());
            task.OomWatch?.Start(look => cgroup.IsUnified
                ? _memoryEvents.Watch(Path.Join(directory, OomCounter.FileV2), look)
                : new OomEventDescriptor(loop, directory, look));
        }
        catch (SyscallException e)
        {
            logger.OomWatchFailed(task.Id, e.Message);
        }
    }
}
