using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Shim.Events;
using ShimStack.Shim.State;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Exits;

/// <summary>
/// Puts each exit on disk before anybody is told of it, and notes there when the daemon has the event. What cannot be written is told to the
/// log and goes on in memory: a full disk must not keep an exit from those who wait for it.
/// </summary>
internal sealed class ExitRecorder(TaskTable tasks, ILogger logger)
{
    /// <summary>How many records could not be written.</summary>
    public long Failures { get; private set; }

    /// <summary>A process was reaped.</summary>
    public void Record(ContainerTask task, TaskProcess process, ExitStatus exit) => Write(task, process, RecordOf(process, exit));

    /// <summary>The daemon has acknowledged an exit.</summary>
    public void Announced(ExitSubject exit)
    {
        ContainerTask? task = tasks.Find(exit.Task);
        if (task?.Find(exit) is TaskProcess { Exit: ExitStatus status } process)
        {
            ExitRecord record = RecordOf(process, status);
            record.Announced = true;
            Write(task, process, record);
        }
    }

    /// <summary>Events of an exit were taken back, because its process is deleted before the daemon has taken them.</summary>
    public void Withdrawn(ExitSubject exit, int events)
    {
        if (events > 0)
        {
            logger.ExitWithdrawn(exit.Task, exit.Exec.Length == 0 ? exit.Task : exit.Exec);
        }
    }

    private void Write(ContainerTask task, TaskProcess process, ExitRecord record)
    {
        record.Oom = ReferenceEquals(process, task.Init) && task.Cgroup is { Oom.Kills: > 0 };
        try
        {
            ExitFiles.Write(task.Bundle, task.SubjectOf(process).Exec, record);
        }
        catch (SyscallException e)
        {
            Failures++;
            logger.ExitNotRecorded(task.Id, process.Id, e.Message);
        }
    }

    private static ExitRecord RecordOf(TaskProcess process, ExitStatus exit)
    {
        ExitRecord record = exit.ToRecord();
        record.Pid = (uint)process.Pid;
        record.StartTime = process.StartTime;
        return record;
    }
}
