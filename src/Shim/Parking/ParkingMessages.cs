using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native.Processes;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Parking;

/// <summary>What there is to say to shimstackd, in its words.</summary>
/// <param name="identity">The shim's id.</param>
/// <param name="socketPath">Of the shim's socket, by which it is known.</param>
/// <param name="nameSpace">Of its containers.</param>
/// <param name="shim">Tells what belongs to no container.</param>
internal sealed class ParkingMessages(string identity, string socketPath, string nameSpace, Func<Inheritance, ShimRecord> shim)
{
    private static readonly Lazy<ulong> OwnStart = new(static () => ProcessStat.TryRead(CurrentProcess.Id)?.StartTime ?? 0, isThreadSafe: false);

    /// <summary>The message of a part; what goes with it is added to <paramref name="left"/>.</summary>
    public ParkingMessage Of(ParkedPart part, Inheritance left) => part.Kind switch
    {
        ParkedKind.Hello => new ParkingMessage
        {
            Kind = ParkingMessage.Types.Kind.Hello,
            Shim = socketPath,
            Id = identity,
            Namespace = nameSpace,
            StartTime = OwnStart.Value,
        },
        ParkedKind.Gone => new ParkingMessage { Kind = ParkingMessage.Types.Kind.Gone, Unit = part.Unit },
        ParkedKind.Whole => new ParkingMessage { Kind = ParkingMessage.Types.Kind.Whole },
        ParkedKind.Shim => Unit(part, shim(left), left),
        _ => UnitOf(part, part.Task!, part.Process!, left),
    };

    private static ParkingMessage UnitOf(ParkedPart part, ContainerTask task, TaskProcess process, Inheritance left)
    {
        ShimRecord record = new() { Version = ShimState.Version, Tasks = { task.PutDown(process, left) } };
        List<LogFile> logs = [];
        process.Stdio?.CollectLogs(logs);
        foreach (LogFile log in logs)
        {
            record.LogFiles.Add(log.PutDown(left));
        }

        ParkingMessage message = Unit(part, record, left);
        message.Container = task.Id;
        ProcessRecord put = record.Tasks[0].Init ?? record.Tasks[0].Execs[0];
        AddPid(message, put.Pid);
        AddPid(message, put.Stdio?.Logger?.Pid ?? 0);
        return message;
    }

    private static ParkingMessage Unit(ParkedPart part, ShimRecord record, Inheritance left)
    {
        ParkingMessage message = new() { Kind = ParkingMessage.Types.Kind.Unit, Unit = part.Unit, Record = record.ToByteString() };
        foreach (Native.FileDescriptor descriptor in left.Descriptors)
        {
            message.Numbers.Add((uint)descriptor.Number);
        }

        return message;
    }

    private static void AddPid(ParkingMessage message, uint pid)
    {
        if (pid != 0)
        {
            message.Pids.Add(pid);
        }
    }
}
