namespace ShimStack.Shim.Reaping;

/// <summary>
/// Remembers the exits seen while it is open, so that a process which ends before its pid could be read (from the runtime's
/// pid file) is still noticed.
/// </summary>
internal sealed class ExitWatch(Reaper reaper) : IDisposable
{
    private Dictionary<int, ReapedExit>? _seen;

    /// <summary>
    /// The exit of <paramref name="pid"/>: already seen, or still to come; null if it is no child of ours, so that nothing would ever be seen of
    /// it, and signals would meet whoever it is.
    /// </summary>
    public Task<ReapedExit>? TryFor(int pid) =>
        _seen is not null && _seen.TryGetValue(pid, out ReapedExit exit) ? Task.FromResult(exit)
        : reaper.IsChild(pid) ? reaper.ExitOf(pid)
        : null;

    public void Dispose() => reaper.Close(this);

    internal void Saw(ReapedExit exit) => (_seen ??= [])[exit.Pid] = exit;
}
