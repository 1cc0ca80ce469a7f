using ShimStack.Native.Processes;

namespace ShimStack.Shim.Reaping;

/// <summary>
/// The one owner of wait(2): every child of the process (runtime, helper, container) is reaped here and nowhere else. Exits
/// go to whoever expects that pid and to every open <see cref="ExitWatch"/>, which is how an exit that comes before its pid
/// is known does not get lost.
/// </summary>
internal sealed class Reaper(TimeProvider time)
{
    private readonly Dictionary<int, List<TaskCompletionSource<ReapedExit>>> _expected = [];
    private readonly List<ExitWatch> _watches = [];

    /// <summary>Tells whether a pid is that of a child of ours; not so in tests whose processes are none.</summary>
    public Func<int, bool> IsChild { get; init; } = ChildWait.IsChild;

    /// <summary>Number of pids that somebody waits for.</summary>
    public int Expected => _expected.Count;

    /// <summary>Whether somebody waits for the exit of <paramref name="pid"/>.</summary>
    public bool Expects(int pid) => _expected.ContainsKey(pid);

    /// <summary>Opens a watch. Open it before the child's creator runs; dispose it when the pid is known and asked for.</summary>
    public ExitWatch Watch()
    {
        ExitWatch watch = new(this);
        _watches.Add(watch);
        return watch;
    }

    /// <summary>
    /// The exit of a child that cannot have been reaped before this call: one that was spawned in this turn of the loop.
    /// </summary>
    public Task<ReapedExit> ExitOf(int pid)
    {
        TaskCompletionSource<ReapedExit> source = new();
        if (!_expected.TryGetValue(pid, out List<TaskCompletionSource<ReapedExit>>? sources))
        {
            _expected[pid] = sources = new(1);
        }

        sources.Add(source);
        return source.Task;
    }

    /// <summary>Reaps every child that has ended. SIGCHLD does not count, so one signal may stand for many exits.</summary>
    public void ReapAll()
    {
        while (ChildWait.TryNext(out ChildExit exit))
        {
            // Asked for each one: those that end while others are told of may not have ended before.
            Deliver(new ReapedExit(exit.Pid, exit.Status, time.GetUtcNow(), exit.Signal));
        }
    }

    /// <summary>Hands one exit to its watchers and owners, whose code goes on inside this call.</summary>
    public void Deliver(ReapedExit exit)
    {
        foreach (ExitWatch watch in _watches)
        {
            watch.Saw(exit);
        }

        if (_expected.Remove(exit.Pid, out List<TaskCompletionSource<ReapedExit>>? sources))
        {
            foreach (TaskCompletionSource<ReapedExit> source in sources)
            {
                source.SetResult(exit);
            }
        }
    }

    internal void Close(ExitWatch watch) => _watches.Remove(watch);
}
