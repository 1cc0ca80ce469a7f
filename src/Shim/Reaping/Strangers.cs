using Microsoft.Extensions.Logging;
using ShimStack.Native.Processes;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Parking;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Reaping;

/// <summary>
/// The ends of processes that are ours to watch and not our children, because the shim whose children they were has died: somebody else reaps them.
/// A pidfd says when. How, says the kernel (a zombie's stat, PIDFD_GET_INFO from Linux 6.15 on) or the daemon, if it was the one who reaped; what
/// neither knows is told as unknown. See pidfd_open(2).
/// </summary>
internal sealed class Strangers(EventLoop loop, Reaper reaper, ILogger logger)
{
    private const int Unknown = (int)Tasks.ExitStatus.Unknown;
    private readonly Dictionary<int, Stranger> _followed = [];

    /// <summary>Follows a process whose exit somebody expects; nothing happens for a child of ours.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="startTime">Tells it from a later process of that pid; 0 where that is not known.</param>
    public void Follow(int pid, ulong startTime)
    {
        if (reaper.Expects(pid) && !_followed.ContainsKey(pid) && !reaper.IsChild(pid))
        {
            Stranger stranger = new(loop, pid, startTime);
            _followed[pid] = stranger;
            stranger.Changed = () => Look(stranger);
            Look(stranger);
        }
    }

    /// <summary>Follows all processes of records that were picked up: a shim's own children, and those of one before it, are told apart here.</summary>
    public void Follow(ShimRecord record)
    {
        foreach (TaskRecord task in record.Tasks)
        {
            Follow(task.Init);
            foreach (ProcessRecord exec in task.Execs)
            {
                Follow(exec);
            }
        }
    }

    private void Follow(ProcessRecord process)
    {
        Follow((int)process.Pid, process.StartTime);
        Follow((int)(process.Stdio?.Logger?.Pid ?? 0), 0);
    }

    /// <summary>The daemon has reaped one.</summary>
    public void Told(ReapedExit exit)
    {
        if (_followed.TryGetValue(exit.Pid, out Stranger? stranger) && stranger.HasEnded)
        {
            Deliver(stranger, exit);
        }
    }

    /// <summary>The daemon has told all that it knows: whoever has been reaped by now, and was not told of, was reaped by somebody else.</summary>
    public void AllIsTold()
    {
        foreach (Stranger stranger in new List<Stranger>(_followed.Values))
        {
            Look(stranger); // its end may be known, and stand behind this in the turn of the loop
            if (_followed.ContainsKey(stranger.Pid) && stranger is { HasEnded: true, IsReaped: true })
            {
                logger.ExitUnknown(stranger.Pid);
                Deliver(stranger, new ReapedExit(stranger.Pid, Unknown, loop.Timers.GetUtcNow()));
            }
        }
    }

    private void Look(Stranger stranger)
    {
        if (stranger.TryWaitStatus() is int status)
        {
            ChildExit exit = ChildExit.Of(stranger.Pid, status);
            Deliver(stranger, new ReapedExit(exit.Pid, exit.Status, loop.Timers.GetUtcNow(), exit.Signal));
        }
    }

    private void Deliver(Stranger stranger, ReapedExit exit)
    {
        _followed.Remove(stranger.Pid);
        stranger.Dispose();
        reaper.Deliver(exit);
    }
}
