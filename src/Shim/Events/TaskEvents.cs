using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Events;

/// <summary>The events of a task, by name; fields and topics are those of contract chapter 2.9.</summary>
internal sealed class TaskEvents(EventOutbox outbox)
{
    public void Created(ContainerTask task, IEnumerable<Api.Types.Mount> rootfs)
    {
        StdioPaths io = task.Init.Paths;
        TaskCreate message = new()
        {
            ContainerId = task.Id,
            Bundle = task.Bundle,
            Io = new TaskIO { Stdin = io.Stdin, Stdout = io.Stdout, Stderr = io.Stderr, Terminal = io.Terminal },
            Pid = (uint)task.Init.Pid,
            Checkpoint = task.Checkpoint?.Image ?? string.Empty,
        };
        message.Rootfs.AddRange(rootfs);
        outbox.Publish(Topics.TaskCreate, TypeUrls.TaskCreate, message);
    }

    public void Started(ContainerTask task) =>
        outbox.Publish(Topics.TaskStart, TypeUrls.TaskStart, new TaskStart { ContainerId = task.Id, Pid = (uint)task.Init.Pid });

    public void ExecAdded(ContainerTask task, TaskProcess exec) => outbox.Publish(
        Topics.TaskExecAdded, TypeUrls.TaskExecAdded, new TaskExecAdded { ContainerId = task.Id, ExecId = exec.Id });

    public void ExecStarted(ContainerTask task, TaskProcess exec) => outbox.Publish(
        Topics.TaskExecStarted,
        TypeUrls.TaskExecStarted,
        new TaskExecStarted { ContainerId = task.Id, ExecId = exec.Id, Pid = (uint)exec.Pid });

    public void Paused(ContainerTask task) =>
        outbox.Publish(Topics.TaskPaused, TypeUrls.TaskPaused, new TaskPaused { ContainerId = task.Id });

    public void Resumed(ContainerTask task) =>
        outbox.Publish(Topics.TaskResumed, TypeUrls.TaskResumed, new TaskResumed { ContainerId = task.Id });

    public void OutOfMemory(ContainerTask task) =>
        outbox.Publish(Topics.TaskOOM, TypeUrls.TaskOOM, new TaskOOM { ContainerId = task.Id });

    /// <summary>Also again, after an outage: then the event is the same as before, with the time of the exit.</summary>
    public void Exited(ContainerTask task, TaskProcess process, ExitStatus exit)
    {
        TaskExit message = new()
        {
            ContainerId = task.Id,
            Id = process.Id,
            Pid = (uint)process.Pid,
            ExitStatus = exit.Code,
            ExitedAt = exit.At.ToTimestamp(),
        };
        outbox.Add(new PendingEvent(exit.At, Topics.TaskExit, TypeUrls.TaskExit, message.ToByteString()) { Exit = task.SubjectOf(process) });
    }

    public void Deleted(ContainerTask task, ExitStatus exit) => outbox.Publish(
        Topics.TaskDelete,
        TypeUrls.TaskDelete,
        new TaskDelete
        {
            ContainerId = task.Id,
            Pid = (uint)task.Init.Pid,
            ExitStatus = exit.Code,
            ExitedAt = exit.At.ToTimestamp(),
        });
}
