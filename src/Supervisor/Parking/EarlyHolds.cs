using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Parking;

/// <summary>
/// The processes that were on record when the daemon began, held until it has read what shims have left (<see cref="ParkingEndpoint.Pause"/>): one that
/// ends meanwhile, and is reaped by somebody else, can still be asked how. See PIDFD_GET_INFO in linux/pidfd.h.
/// </summary>
internal sealed class EarlyHolds
{
    private readonly Dictionary<uint, PidDescriptor> _held = [];

    /// <summary>Holds a process; null if it has ended and was reaped, or there is no room: then its end is asked of others.</summary>
    public static PidDescriptor? TryHold(uint pid)
    {
        try
        {
            return PidDescriptor.Open((int)pid);
        }
        catch (SyscallException e) when (e.Errno is Errno.ESRCH or Errno.EINVAL or Errno.EMFILE)
        {
            return null;
        }
    }

    public void Add(uint pid)
    {
        if (!_held.ContainsKey(pid) && TryHold(pid) is PidDescriptor held)
        {
            _held[pid] = held;
        }
    }

    /// <summary>The process, for whoever takes it; null if it is not held.</summary>
    public PidDescriptor? Take(uint pid) => _held.Remove(pid, out PidDescriptor? held) ? held : null;

    public void LetGo()
    {
        foreach (PidDescriptor held in _held.Values)
        {
            held.Dispose();
        }

        _held.Clear();
    }
}
