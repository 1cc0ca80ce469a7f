using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Stdio.Spooling;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Parking;

/// <summary>
/// Brings records that a dead shim had left up to date: they say how it was when they were last sent. What has ended since is on disk (Exits), or
/// known to the daemon; what is frozen the kernel knows; what was in the dead shim's memory is lost.
/// </summary>
internal sealed class AdoptedRecords(Adoption adoption)
{
    /// <summary>Exits that were not announced yet: to be delivered when the records are picked up.</summary>
    public List<ReapedExit> Exits { get; } = [];

    /// <summary>Execs whose start was cut, with the ids of their containers.</summary>
    public List<(string Task, string Exec)> CutStarts { get; } = [];

    /// <summary>How many bytes the dead shim may have had in its memory.</summary>
    public long LostBytes { get; private set; }

    /// <summary>Changes the records.</summary>
    public ShimRecord Update()
    {
        foreach (TaskRecord task in adoption.Record.Tasks)
        {
            Update(task, task.Init, exec: "");
            foreach (ProcessRecord exec in task.Execs)
            {
                UpdateExec(task, exec);
            }

            if (task.Init.Exit is ExitRecord exit)
            {
                task.ReapedInit = exit;
            }
            else if ((ProcessState)task.Init.State is ProcessState.Running or ProcessState.Paused && task.Cgroup is not null)
            {
                bool isFrozen = Freezer.IsFrozen(ContainerCgroup.From(task.Cgroup));
                task.Init.State = (uint)(isFrozen ? ProcessState.Paused : ProcessState.Running);
            }
        }

        return adoption.Record;
    }

    private void UpdateExec(TaskRecord task, ProcessRecord exec)
    {
        string pidFile = Path.Join(task.Bundle, $"{exec.Id}.pid");
        if (exec.Pid == 0 && exec.Exit is null && SmallFile.TryReadAll(pidFile) is not null)
        {
            // The runtime had made it, and its streams are gone: nobody could ever read from it, or know how it ends.
            TryKill(pidFile);
            CutStarts.Add((task.Id, exec.Id));
            End(exec, new ExitRecord { Status = ExitStatus.Unknown, Ticks = TimeProvider.System.GetUtcNow().UtcTicks });
        }

        Update(task, exec, exec.Id);
    }

    private void Update(TaskRecord task, ProcessRecord process, string exec)
    {
        Forget(process.Stdio);
        if (process.Exit is not null || process.Pid == 0)
        {
            return;
        }

        if (ExitFiles.TryRead(task.Bundle, exec) is ExitRecord file && file.Pid == process.Pid && (file.StartTime == 0 || file.StartTime == process.StartTime))
        {
            Ended(process, file, file.Announced);
        }
        else if (adoption.ExitOf(process.Pid) is ParkingMessage told)
        {
            Ended(process, new ExitRecord { Status = told.Status, Signal = told.Signal, Ticks = told.Ticks }, told.Announced);
        }
    }

    private void Ended(ProcessRecord process, ExitRecord exit, bool announced)
    {
        if (announced)
        {
            End(process, exit);
        }
        else
        {
            Exits.Add(new ReapedExit((int)process.Pid, (int)exit.Status, new DateTimeOffset(exit.Ticks, TimeSpan.Zero), (int)exit.Signal));
        }
    }

    private static void End(ProcessRecord process, ExitRecord exit)
    {
        process.Exit = new ExitRecord { Status = exit.Status, Signal = exit.Signal, Ticks = exit.Ticks };
        process.State = (uint)ProcessState.Stopped;
        process.Announced = true;
    }

    private static void TryKill(string pidFile)
    {
        try
        {
            ProcessSignals.Send(BundleFiles.ReadPid(pidFile), (int)Signal.SIGKILL);
        }
        catch (Exception e) when (e is SyscallException or InvalidDataException)
        {
            // It has ended, or never was.
        }
    }

    // What a stream had in memory may have been written since.
    private void Forget(StdioRecord? stdio)
    {
        Forget(stdio?.Input);
        foreach (StreamRecord output in stdio?.Outputs ?? [])
        {
            Forget(output);
        }
    }

    private void Forget(StreamRecord? stream)
    {
        if (stream is null)
        {
            return;
        }

        LostBytes += ByteMover.BufferSize;
        stream.Pending = ByteString.Empty;
        stream.LastByte = (byte)'\n';
        if (stream.Log is not null)
        {
            stream.Log.LineBegun = ByteString.Empty;
        }

        if (stream.Fifo is { Spool: > 0 } spooled)
        {
            SpoolFile.Recall(spooled);
        }
    }
}
