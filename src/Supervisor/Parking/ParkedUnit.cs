using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Parking;

/// <summary>One part of a shim's state, as the shim sent it: a record that is only the shim's to read, and descriptors that must not close with it.</summary>
/// <param name="message">The UNIT.</param>
/// <param name="descriptors">What came with it; closed with the unit.</param>
/// <param name="at">When it came: an exit of one of its pids before that was another process's.</param>
/// <param name="before">What it takes the place of: processes that are held already go on being held.</param>
/// <param name="early">Processes that were held before this came.</param>
internal sealed class ParkedUnit(ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors, DateTimeOffset at, ParkedUnit? before, EarlyHolds early)
    : IDisposable
{
    private readonly List<(uint Pid, PidDescriptor Process)> _processes = [.. message.Pids.SelectMany(pid => before?.GiveUp(pid) ?? Hold(pid, early))];

    public ParkingMessage Message => message;

    public IReadOnlyList<FileDescriptor> Descriptors => descriptors;

    public DateTimeOffset At => at;

    /// <summary>The container that it belongs to; empty for the shim itself.</summary>
    public string Container => message.Container;

    /// <summary>Which of the shim's announcements it came with: see <see cref="ParkedShim.Begin"/>.</summary>
    public int Generation { get; init; }

    /// <summary>
    /// How those of its processes have ended that the shim itself has reaped, as its last act or not: the kernel tells that to whoever holds the process
    /// since before. See PIDFD_GET_INFO in linux/pidfd.h, Linux 6.15.
    /// </summary>
    public IEnumerable<ChildExit> Reaped()
    {
        foreach ((uint pid, PidDescriptor process) in _processes)
        {
            if (process.TryWaitStatus() is int status)
            {
                yield return ChildExit.Of((int)pid, status);
            }
        }
    }

    public void Dispose()
    {
        _processes.ForEach(held => held.Process.Dispose());
        foreach (FileDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }
    }

    private List<(uint Pid, PidDescriptor Process)>? GiveUp(uint pid)
    {
        List<(uint Pid, PidDescriptor Process)> held = _processes.FindAll(process => process.Pid == pid);
        _processes.RemoveAll(process => process.Pid == pid);
        return held.Count > 0 ? held : null;
    }

    // One that is reaped already is held by nobody who has not held it before.
    private static IEnumerable<(uint Pid, PidDescriptor Process)> Hold(uint pid, EarlyHolds early) =>
        (EarlyHolds.TryHold(pid) ?? early.Take(pid)) is PidDescriptor held ? [(pid, held)] : [];
}
