using ShimStack.Shim.Events;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Exits;

/// <summary>
/// What happens to an exit between its announcement and the Delete of its process: noted on disk when the daemon has it, announced again after an
/// outage, and settled before Delete is answered, so that no late exit meets a newer run of the same id.
/// </summary>
internal sealed class ExitDelivery
{
    /// <summary>How long a Delete waits for the daemon to take the exit of what it deletes: it has just called, so it is there.</summary>
    public static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(2);

    private readonly EventOutbox _outbox;
    private readonly ExitRecorder _recorder;
    private readonly ExitRepeats _repeats;
    private readonly DaemonOutage _outage;
    private readonly TimeProvider _time;
    private TaskCompletionSource? _step;

    public ExitDelivery(EventOutbox outbox, ExitRecorder recorder, ExitRepeats repeats, DaemonOutage outage, TimeProvider time)
    {
        (_outbox, _recorder, _repeats, _outage, _time) = (outbox, recorder, repeats, outage, time);
        outbox.Delivered += Delivered;
        outbox.Failed += outage.Lost;
        outage.Began += () => repeats.OutageBegan(outbox);
    }

    /// <summary>The daemon has connected: it is there to be told.</summary>
    public void DaemonSeen()
    {
        _outage.Seen();
        _outbox.Renew();
    }

    /// <summary>Goes on with a container that was picked up.</summary>
    public void Resume(ContainerTask task)
    {
        foreach (TaskProcess process in task.Processes)
        {
            if (process.IsAnnounced)
            {
                _repeats.Resume(task, process);
            }
        }
    }

    /// <summary>The init and its execs are about to be deleted. Ends when none of their exits is on its way any more.</summary>
    public async Task SettleAsync(ContainerTask task)
    {
        foreach (TaskProcess process in new List<TaskProcess>(task.Processes))
        {
            await SettleAsync(task, process);
        }
    }

    /// <summary>One process is about to be deleted. Ends when its exit is not on its way any more: delivered, or taken back.</summary>
    public async Task SettleAsync(ContainerTask task, TaskProcess process)
    {
        _repeats.Stop(process);
        ExitSubject exit = task.SubjectOf(process);
        if (process.IsAnnounced)
        {
            // The daemon's clients have deleted what they know to have ended: what else is queued are repetitions.
            _outbox.Withdraw(exit);
        }

        if (!_outbox.Holds(exit))
        {
            return;
        }

        bool expired = false;
        using ITimer limit = _time.CreateTimer(
            _ =>
            {
                expired = true;
                Step();
            },
            null,
            SettleLimit,
            Timeout.InfiniteTimeSpan);
        _outbox.Hurry();
        while (_outbox.Holds(exit) && !expired)
        {
            _step ??= new TaskCompletionSource();
            await _step.Task;
        }

        _recorder.Withdrawn(exit, _outbox.Withdraw(exit));
    }

    private void Delivered(PendingEvent pending)
    {
        _outage.Seen();
        if (pending.Exit is ExitSubject exit)
        {
            _recorder.Announced(exit);
            _repeats.Delivered(exit);
        }

        Step();
    }

    private void Step()
    {
        TaskCompletionSource? step = _step;
        _step = null;
        step?.TrySetResult();
    }
}
