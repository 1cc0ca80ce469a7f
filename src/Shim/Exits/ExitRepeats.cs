using Microsoft.Extensions.Logging;
using ShimStack.Shim.Events;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Exits;

/// <summary>
/// Announces an exit again, a few times, when the daemon was away as it was announced: until the process is deleted, which proves that a client
/// knows. Without an outage an exit is announced once. After Delete never: clients use ids again, and would take a late exit for the new run's.
/// </summary>
internal sealed class ExitRepeats(TaskTable tasks, TaskEvents events, DaemonOutage outage, TimeProvider time, ILogger logger)
{
    /// <summary>How long after a delivery the exit is announced once more.</summary>
    public static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)];

    private readonly Dictionary<TaskProcess, ITimer> _timers = [];

    /// <summary>The daemon is gone: whatever ended and was not deleted is announced when it is back, though it was announced before.</summary>
    public void OutageBegan(EventOutbox outbox)
    {
        foreach (ContainerTask task in tasks.All)
        {
            foreach (TaskProcess process in task.Processes)
            {
                if (process.IsAnnounced)
                {
                    AnnounceAgain(task, process, outbox);
                }
            }
        }
    }

    private void AnnounceAgain(ContainerTask task, TaskProcess process, EventOutbox outbox)
    {
        process.RepeatsLeft = Pauses.Length;
        Stop(process);
        if (!outbox.Holds(task.SubjectOf(process)))
        {
            events.Exited(task, process, process.Exit!);
        }
    }

    /// <summary>The daemon has an exit; if its clients may have missed it, it is announced again later.</summary>
    public void Delivered(ExitSubject exit)
    {
        if (tasks.Find(exit.Task) is not ContainerTask task || task.Find(exit) is not TaskProcess process)
        {
            return;
        }

        if (!process.IsAnnounced)
        {
            process.IsAnnounced = true;
            process.RepeatsLeft = outage.IsRecent ? Pauses.Length : 0;
        }

        Arm(task, process);
    }

    /// <summary>Goes on with a process that was picked up.</summary>
    public void Resume(ContainerTask task, TaskProcess process) => Arm(task, process);

    /// <summary>The process is deleted: its exit is not announced any more.</summary>
    public void Stop(TaskProcess process)
    {
        if (_timers.Remove(process, out ITimer? timer))
        {
            timer.Dispose();
        }
    }

    private void Arm(ContainerTask task, TaskProcess process)
    {
        Stop(process);
        if (process.RepeatsLeft > 0)
        {
            TimeSpan pause = Pauses[^process.RepeatsLeft];
            _timers[process] = time.CreateTimer(_ => Repeat(task, process), null, pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Repeat(ContainerTask task, TaskProcess process)
    {
        Stop(process);
        process.RepeatsLeft--;
        logger.ExitRepeated(task.Id, process.Id);
        events.Exited(task, process, process.Exit!);
    }
}
