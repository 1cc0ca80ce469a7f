using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.Api.Task;
using ShimStack.Api.Types;
using ShimStack.Native.Processes;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Shim.Tasks;

/// <summary>
/// What only reads: answered from memory at once, whatever the runtime is doing. A daemon gives a shim five seconds when it
/// loads it, and takes one that is slow for dead.
/// </summary>
internal sealed class TaskQueries(TaskTable tasks)
{
    // What the clients' language shows as "no time": the first second of year 1.
    private static readonly Timestamp NoTime = new() { Seconds = -62135596800 };

    public StateResponse State(StateRequest request)
    {
        ContainerTask task = tasks.Get(request.Id);
        TaskProcess process = task.Process(request.ExecId);
        ExitStatus? exit = process.Exit;
        return new StateResponse
        {
            Id = process.Id,
            Bundle = task.Bundle,
            Pid = (uint)process.Pid,
            Status = StatusOf(task, process),
            Stdin = process.Paths.Stdin,
            Stdout = process.Paths.Stdout,
            Stderr = process.Paths.Stderr,
            Terminal = process.Paths.Terminal,
            ExitStatus = exit?.Code ?? 0,
            ExitedAt = exit?.At.ToTimestamp() ?? NoTime,
        };
    }

    /// <summary>
    /// All processes of a container. One that has stopped and is not deleted yet still names its init: a daemon that loads a
    /// shim without pids takes it for leaked, and would invent an exit code.
    /// </summary>
    public PidsResponse Pids(PidsRequest request)
    {
        ContainerTask task = tasks.Get(request.Id);
        IReadOnlyList<int> pids = task.InitReaped ? [] : task.Cgroup?.Pids() ?? [];
        PidsResponse response = new();
        foreach (int pid in pids.Count > 0 ? pids : [task.Init.Pid])
        {
            ProcessInfo info = new() { Pid = (uint)pid };
            if (task.ExecOf(pid) is TaskProcess exec)
            {
                info.Info = new Any { TypeUrl = TypeUrls.RuncProcessDetails, Value = new ProcessDetails { ExecId = exec.Id }.ToByteString() };
            }

            response.Processes.Add(info);
        }

        return response;
    }

    /// <summary>Never fails: also a probe whether the shim is alive.</summary>
    public ConnectResponse Connect(ConnectRequest request) => new()
    {
        ShimPid = (uint)CurrentProcess.Id,
        TaskPid = (uint)(tasks.Find(request.Id)?.Init.Pid ?? 0),
    };

    // An exec is as frozen as its container.
    private static Status StatusOf(ContainerTask task, TaskProcess process) => process.State switch
    {
        ProcessState.Stopped or ProcessState.Deleted => Status.Stopped,
        _ when task.Init.IsPausing => Status.Pausing,
        _ when task.Init.State == ProcessState.Paused => Status.Paused,
        ProcessState.Created => Status.Created,
        _ => Status.Running,
    };
}
