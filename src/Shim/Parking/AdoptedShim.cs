using System.Globalization;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ShimStack.Api.Parking;
using ShimStack.Api.Runc;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Serving;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Parking;

/// <summary>This process, started by shimstackd to take the place of a shim that has died. What that one had left waits in a socket.</summary>
internal sealed class AdoptedShim
{
    private const int MailboxNumber = 3;

    private readonly FileDescriptor _mailbox;
    private readonly AdoptedRecords? _records;

    private AdoptedShim(FileDescriptor mailbox, AdoptedRecords? records)
    {
        (_mailbox, _records) = (mailbox, records);
        Record = records?.Update() ?? new ShimRecord();
    }

    /// <summary>What there was could not be understood, and the daemon knows.</summary>
    public bool IsRefused => _records is null;

    /// <summary>The state to go on with.</summary>
    public ShimRecord Record { get; }

    /// <summary>Takes what the dead shim had left.</summary>
    public static AdoptedShim Receive()
    {
        FileDescriptor mailbox = FileDescriptor.Take(MailboxNumber);
        try
        {
            return new AdoptedShim(mailbox, new AdoptedRecords(Adoption.Receive(mailbox)));
        }
        catch (Exception e) when (e is InvalidDataException or SyscallException)
        {
            AdoptedShim refused = new(mailbox, null);
            refused.Refuse(e.Message);
            return refused;
        }
    }

    /// <summary>Says why this process cannot take the place.</summary>
    public void Refuse(string reason)
    {
        ParkingMessage refusal = new() { Kind = ParkingMessage.Types.Kind.Refused, Reason = reason };
        _ = PacketSocket.Send(_mailbox, refusal.ToByteArray(), []); // a daemon that has gone meanwhile does not wait for it
    }

    /// <summary>The state was picked up: what has ended is told, what lives is followed, and the daemon hears that we serve.</summary>
    /// <exception cref="InvalidDataException">We were not told where to leave things.</exception>
    public void GoOn(ShimParts parts, Reaper reaper, ILogger logger)
    {
        ShimParking parking = parts.Parking ?? throw new InvalidDataException($"{ShimParking.Variable} is not set");
        logger.Adopted(_records!.LostBytes.ToString(CultureInfo.InvariantCulture));
        TakePlace();
        foreach ((string task, string exec) in _records.CutStarts)
        {
            logger.StartWasCut(exec, task);
        }

        foreach (ReapedExit exit in _records.Exits)
        {
            reaper.Deliver(exit);
        }

        parts.Strangers.Follow(Record);
        parts.ResumeStarts();
        parking.GoOn(_mailbox);
    }

    // What the start action does for a server.
    private void TakePlace()
    {
        OomScore.Set(CurrentProcess.Id, CurrentProcess.ParentId);
        foreach (TaskRecord task in Record.Tasks)
        {
            if (Options.Parser.ParseFrom(task.Options).ShimCgroup is { Length: > 0 } cgroup)
            {
                ShimCgroup.Join(cgroup, CurrentProcess.Id);
            }
        }
    }
}
