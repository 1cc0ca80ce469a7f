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

    /// <summary>Number of pids that somebody waits for.</summary>
    public int Expected => _expected.Count;

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
        DateTimeOffset now = time.GetUtcNow();
        while (ChildWait.TryNext(out ChildExit exit))
        {
            Deliver(new ReapedExit(exit.Pid, exit.Status, now, exit.Signal));
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
