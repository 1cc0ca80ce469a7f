using ShimStack.Api.Runc;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>Create: from a bundle to a container whose init waits for Start. Contract chapter 3.3.</summary>
internal sealed class TaskCreation(TaskParts parts)
{
    public async ValueTask<CreateTaskResponse> CreateAsync(CreateTaskRequest request, ServerCallContext call)
    {
        Identifiers.Require("task id", request.Id);
        using TaskTable.Reservation reservation = parts.Tasks.Reserve(request.Id);
        Options options = RuntimeOptionsReader.Read(request.Options);
        IOciRuntime runtime = parts.Runtimes(options, request.Bundle);
        await PrepareAsync(request, options);
        try
        {
            return request.Checkpoint.Length > 0
                ? AddFromCheckpoint(request, options, runtime)
                : await CreateMountedAsync(request, options, runtime, call.Cancellation);
        }
        catch
        {
            await UnmountAsync(request);
            PodMembers.Forget(request.Bundle, request.Id);
            throw;
        }
    }

    // What is on record of a container is written while its root filesystem is mounted, which is beside the loop.
    private async Task PrepareAsync(CreateTaskRequest request, Options options)
    {
        Task mounted = request.Rootfs.Count > 0 ? parts.Rootfs.MountAsync(request.Bundle, request.Rootfs) : Task.CompletedTask;
        try
        {
            ExitFiles.RemoveAll(request.Bundle);
            BundleFiles.WriteOptions(request.Bundle, options);
            BundleFiles.WriteRuntime(request.Bundle, options.BinaryName);
            PodMembers.Record(request.Bundle, request.Id);
        }
        catch
        {
            await mounted;
            await UnmountAsync(request);
            throw;
        }

        try
        {
            await mounted;
        }
        catch
        {
            PodMembers.Forget(request.Bundle, request.Id); // what was mounted is undone already
            throw;
        }
    }

    private async Task<CreateTaskResponse> CreateMountedAsync(
        CreateTaskRequest request, Options options, IOciRuntime runtime, CancellationToken cancellation)
    {
        StdioPaths paths = PathsOf(request);
        StreamRequest streamRequest = new(paths, new StreamOwner(options.IoUid, options.IoGid), request.Id)
        {
            Work = ContainerTask.WorkOf(request.Bundle),
        };
        string pidFile = Path.Join(request.Bundle, ContainerTask.PidFileName);
        LaunchedProcess launched;
        try
        {
            launched = await parts.Launcher.LaunchAsync(
                streamRequest,
                pidFile,
                (console, streams) => runtime.CreateAsync(new CreateCommand(request.Id, request.Bundle, pidFile, console, streams), cancellation),
                cancellation);
        }
        catch
        {
            await ForceDeleteAsync(runtime, request.Id);
            throw;
        }

        TaskProcess init = new(request.Id, paths);
        init.Attach(launched.Pid, launched.Stdio);
        ContainerTask task = new(request.Id, request.Bundle, options, runtime, init)
        {
            RootfsMounted = request.Rootfs.Count > 0,
            Cgroup = ContainerCgroup.Of(launched.Pid),
        };
        parts.Tasks.Add(task);
        parts.Events.Created(task, request.Rootfs);
        await parts.Cgroups.EnterAsync(task);
        parts.Exits.FollowInit(task, launched.Exit);
        parts.Parking?.Park(task, init);
        return new CreateTaskResponse { Pid = (uint)launched.Pid };
    }

    // Nothing runs before Start, which restores it: until then it has no pid.
    private CreateTaskResponse AddFromCheckpoint(CreateTaskRequest request, Options options, IOciRuntime runtime)
    {
        string work = options.CriuWorkPath.Length > 0 ? options.CriuWorkPath : Path.Join(request.Bundle, "work");
        ContainerTask task = new(request.Id, request.Bundle, options, runtime, new TaskProcess(request.Id, PathsOf(request)))
        {
            RootfsMounted = request.Rootfs.Count > 0,
            Checkpoint = new RestoreSource(request.Checkpoint, request.ParentCheckpoint, work),
        };
        parts.Tasks.Add(task);
        parts.Events.Created(task, request.Rootfs);
        parts.Parking?.Park(task, task.Init);
        return new CreateTaskResponse();
    }

    private static StdioPaths PathsOf(CreateTaskRequest request) =>
        new(request.Stdin, request.Stdout, request.Stderr, request.Terminal);

    private async Task UnmountAsync(CreateTaskRequest request)
    {
        if (request.Rootfs.Count == 0)
        {
            return;
        }

        try
        {
            await parts.Rootfs.UnmountAsync(request.Bundle);
        }
        catch (SyscallException e)
        {
            parts.Logger.CreateCleanupFailed(request.Id, e.Message);
        }
    }

    // A runtime that failed or was cut may have left half a container; nobody else would clean it in a pod.
    private async Task ForceDeleteAsync(IOciRuntime runtime, string id)
    {
        try
        {
            await runtime.DeleteAsync(id, force: true, CancellationToken.None);
        }
        catch (RpcException e)
        {
            parts.Logger.CreateCleanupFailed(id, e.Message);
        }
    }
}
