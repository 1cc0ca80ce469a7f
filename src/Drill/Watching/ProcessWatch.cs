using ShimStack.Drill.Record;
using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Watching;

/// <summary>Sees a process end by its pidfd, whoever its parent is. See pidfd_open(2).</summary>
internal sealed class ProcessWatch : IDisposable
{
    private readonly DrillRecord _record;
    private readonly Subject _subject;
    private readonly PidDescriptor _process;
    private readonly WatchLoop.Watched _watched;
    private bool _hasEnded;

    private ProcessWatch(WatchLoop loop, DrillRecord record, Subject subject, PidDescriptor process)
    {
        (_record, _subject, _process) = (record, subject, process);
        _watched = loop.Watch(process.Descriptor, Ended);
    }

    /// <summary>null if it has ended and was reaped already.</summary>
    public static ProcessWatch? TryStart(WatchLoop loop, DrillRecord record, Subject subject)
    {
        try
        {
            return new ProcessWatch(loop, record, subject, PidDescriptor.Open(subject.Pid));
        }
        catch (SyscallException e) when (e.Errno == Errno.ESRCH)
        {
            return null;
        }
    }

    /// <summary>What the kernel says of its end; null if it does not, or not yet.</summary>
    public int? TryCode() => _process.TryExitStatus();

    public void Send(Signal signal) => _process.Send((int)signal);

    public void Dispose() => _watched.Dispose();

    // Readable for ever from now on: once is enough. The descriptor stays open, the kernel is asked for the code later.
    private void Ended(WatchLoop.Watched watched)
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            watched.Stop();
            _record.Note(EntryKind.Exit, _subject.Name, $"process {_subject.Pid} has ended", now => _subject.Ended ??= now);
        }
    }
}
