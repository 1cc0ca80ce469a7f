using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>The exit events that a client has heard of which subscribes anew to each daemon.</summary>
internal sealed class ExitEvents : IDisposable
{
    private readonly List<EventLog> _logs = [];

    /// <summary>The number of the log that is being written.</summary>
    public int Current => _logs.Count - 1;

    public async Task FollowAsync(Stage stage) => _logs.Add(await EventLog.FollowAsync(stage));

    public IReadOnlyList<TaskEvent> Of(LiveProcess process) =>
        [.. _logs.Skip(process.FirstLog).SelectMany(static log => log.Events).Where(e => IsExitOf(e, process.Container.Id, process.Id, process.Pid))];

    /// <summary>Clients use ids again: an exit that comes after the Delete would be taken for the next run's.</summary>
    public IEnumerable<string> LateExits()
    {
        foreach (EventLog log in _logs)
        {
            List<TaskEvent> events = [.. log.Events];
            foreach (TaskEvent deleted in events.Where(static e => e.Topic == "/tasks/delete" && e.Process == e.Container))
            {
                int place = events.IndexOf(deleted);
                if (events.FindIndex(place, e => IsExitOf(e, deleted.Container, deleted.Container, deleted.Pid)) >= 0)
                {
                    yield return $"an exit of {deleted.Container}, pid {deleted.Pid}, after its Delete";
                }
            }
        }
    }

    public void Dispose() => _logs.ForEach(static log => log.Dispose());

    private static bool IsExitOf(TaskEvent e, string container, string process, int pid) =>
        e.Topic == "/tasks/exit" && e.Container == container && e.Process == process && e.Pid == pid;
}
