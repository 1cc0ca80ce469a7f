using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Parking;

/// <summary>
/// What a shim has that takes the place of a dead one: the parts of its state that the dead one had left with shimstackd, put together, and the ends
/// of processes that the daemon knows.
/// </summary>
internal sealed class Adoption
{
    private const int MaxMessage = 256 * 1024;

    private readonly Dictionary<string, TaskRecord> _tasks = [];
    private readonly List<TaskRecord> _execs = [];
    private readonly Dictionary<uint, ParkingMessage> _exits = [];

    private Adoption(FileDescriptor connection) => Connection = connection;

    /// <summary>The other end is the daemon's.</summary>
    public FileDescriptor Connection { get; }

    /// <summary>What the dead shim had left; its descriptors are ours.</summary>
    public ShimRecord Record { get; } = new() { Version = ShimState.Version };

    /// <summary>How a process has ended, as far as the daemon knows; null if it does not.</summary>
    public ParkingMessage? ExitOf(uint pid) => _exits.GetValueOrDefault(pid);

    /// <summary>Takes what waits in a mailbox; takes it over.</summary>
    /// <exception cref="InvalidDataException">It is not all there, or of a layout that is not known here.</exception>
    /// <exception cref="SyscallException">It is no such socket.</exception>
    public static Adoption Receive(FileDescriptor mailbox)
    {
        Native.Files.Files.SetInherited(mailbox, false);
        Adoption adoption = new(mailbox);
        try
        {
            byte[] buffer = new byte[MaxMessage];
            while (adoption.Take(buffer))
            {
            }

            adoption.Join();
            return adoption;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"what the shim before has left cannot be read: {e.Message}", e);
        }
    }

    // False: that was all.
    private bool Take(byte[] buffer)
    {
        (IoResult data, IReadOnlyList<FileDescriptor> descriptors) = PacketSocket.Receive(Connection, buffer);
        if (!data.IsOk || data.IsEnd)
        {
            throw new InvalidDataException($"what the shim before has left is not all there: {data.Errno}");
        }

        ParkingMessage message = ParkingMessage.Parser.ParseFrom(buffer, 0, data.Count);
        switch (message.Kind)
        {
            case ParkingMessage.Types.Kind.Unit:
                Add(message, descriptors);
                break;
            case ParkingMessage.Types.Kind.Exited:
                _exits[message.Pid] = message;
                break;
            default:
                break;
        }

        return message.Kind != ParkingMessage.Types.Kind.Adopt;
    }

    private void Add(ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors)
    {
        ShimRecord part = ShimRecord.Parser.ParseFrom(message.Record);
        ShimState.Require(part);
        if (message.Numbers.Count != descriptors.Count)
        {
            throw new InvalidDataException($"{message.Unit} has {descriptors.Count} descriptors and names {message.Numbers.Count}");
        }

        new RecordDescriptors(number => NumberOf(message, number, descriptors)).Renumber(part);
        if (part.Tasks.Count == 0)
        {
            Record.Namespace = part.Namespace;
            Record.Listener = part.Listener;
            Record.ShutdownRefused = part.ShutdownRefused;
            Record.UndeliveredBytes = part.UndeliveredBytes;
            Record.Settings.Add(part.Settings);
            Record.Events.Add(part.Events);
        }

        foreach (TaskRecord task in part.Tasks)
        {
            if (task.Init is null)
            {
                _execs.Add(task);
            }
            else
            {
                _tasks[task.Id] = task;
            }
        }

        AddLogs(part);
    }

    private static uint NumberOf(ParkingMessage message, uint number, IReadOnlyList<FileDescriptor> descriptors)
    {
        int index = message.Numbers.IndexOf(number);
        return index >= 0 ? (uint)descriptors[index].Release() : throw new InvalidDataException($"{message.Unit} names a descriptor that it does not have");
    }

    // Each file once, however many streams it has.
    private void AddLogs(ShimRecord part)
    {
        foreach (LogFileRecord file in part.LogFiles)
        {
            bool isThere = false;
            foreach (LogFileRecord known in Record.LogFiles)
            {
                isThere |= known.Path == file.Path;
            }

            if (isThere)
            {
                FileDescriptor.Take((int)file.File).Dispose();
            }
            else
            {
                Record.LogFiles.Add(file);
            }
        }
    }

    private void Join()
    {
        foreach (TaskRecord part in _execs)
        {
            if (_tasks.TryGetValue(part.Id, out TaskRecord? task))
            {
                task.Execs.Add(part.Execs);
            }
        }

        Record.Tasks.Add(_tasks.Values);
        if (Record.Listener == 0)
        {
            throw new InvalidDataException("the socket of the shim before was not left");
        }
    }
}
