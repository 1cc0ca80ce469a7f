namespace ShimStack.Shim.Tasks;

/// <summary>
/// Shutdown: ends the shim when it has no containers, and is silently refused otherwise, because in a pod it comes after other Deletes too
/// (contract chapter 3.19). A daemon that speaks version 3 asks only once in the life of a pod, after the Delete of the container that
/// holds it together (chapter 9.6), and never again when the others go later. So a refusal is remembered, and the shim ends some time
/// after its last container.
/// </summary>
internal sealed class TaskShutdown
{
    /// <summary>Longer than the daemon's own limit of 3 s for the call that follows a Delete: who asks properly is answered.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TaskTable _tasks;
    private readonly TimeProvider _time;
    private readonly Action _end;
    private ITimer? _timer;

    public TaskShutdown(TaskTable tasks, TimeProvider time, Action end)
    {
        (_tasks, _time, _end) = (tasks, time, end);
        tasks.Emptied += EndLater;
    }

    public void Ask()
    {
        if (_tasks.IsEmpty)
        {
            _end();
        }
        else
        {
            _tasks.ShutdownRefused = true;
        }
    }

    private void EndLater()
    {
        if (_tasks.ShutdownRefused && !_tasks.HasHadAny)
        {
            _end(); // a create was cut, and while it was cleaned up after the daemon has asked properly
        }
        else if (_tasks.ShutdownRefused)
        {
            _timer ??= _time.CreateTimer(_ => EndIfStillEmpty(), null, Patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndIfStillEmpty()
    {
        _timer?.Dispose();
        _timer = null;
        if (_tasks.IsEmpty)
        {
            _end();
        }
    }
}
