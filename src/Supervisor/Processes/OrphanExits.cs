using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Processes;

/// <summary>How an orphan ended that had become our child.</summary>
internal sealed record OrphanExit(int Status, DateTimeOffset At);

/// <summary>
/// The ends of orphans: containers whose shim has died are our children, since we are a subreaper. The newest are kept; a pid is asked for soon
/// after, or never.
/// </summary>
internal sealed class OrphanExits
{
    private const int Kept = 1024;
    private readonly Dictionary<int, OrphanExit> _exits = [];
    private readonly Queue<int> _order = new();
    private readonly Lock _gate = new();

    public OrphanExits(Children children, TimeProvider time) => children.OrphanEnded += exit => Add(exit, time.GetUtcNow());

    /// <summary>Its exit; null if it has not ended as our child.</summary>
    public OrphanExit? Find(int pid)
    {
        lock (_gate)
        {
            return _exits.GetValueOrDefault(pid);
        }
    }

    /// <summary>All that are kept, the oldest first.</summary>
    public List<(int Pid, OrphanExit Exit)> All()
    {
        lock (_gate)
        {
            return [.. _order.Select(pid => (pid, _exits[pid]))];
        }
    }

    /// <summary>Notes an end.</summary>
    public void Add(ChildExit exit, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_exits.ContainsKey(exit.Pid))
            {
                _order.Enqueue(exit.Pid);
            }

            _exits[exit.Pid] = new OrphanExit(exit.Status, at);
            if (_order.Count > Kept)
            {
                _exits.Remove(_order.Dequeue());
            }
        }
    }
}
