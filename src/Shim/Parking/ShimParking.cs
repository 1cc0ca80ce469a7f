using Microsoft.Extensions.Logging;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Events;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.State;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.Parking;

/// <summary>
/// Leaves with shimstackd what must not close when this process dies, and what another one has to know to go on: each process of a container as a
/// record with its descriptors, anew whenever that changes. It is sent and not asked for: the kernel has it from then on, whatever becomes of us.
/// Under a daemon that wants none of it there is no such object.
/// </summary>
internal sealed class ShimParking
{
    /// <summary>In the environment of the server: where to leave it. No runtime and no container gets to see it.</summary>
    public const string Variable = "SHIMSTACK_PARK";

    private readonly string _path;
    private readonly TaskTable _tasks;
    private readonly ParkingMessages _messages;
    private readonly Strangers _strangers;
    private readonly ILogger _logger;
    private readonly Queue<ParkedPart> _due = new();
    private readonly LoopTurn _turn;
    private readonly LoopTurn _eventsTurn;
    private readonly ParkingSocket _socket;
    private bool _isRefused;
    private bool _eventsMayBeSentYet;
    private bool _hasLeftEvents;

    public ShimParking(EventLoop loop, string path, TaskTable tasks, ParkingMessages messages, Strangers strangers, ILogger logger)
    {
        (_path, _tasks, _messages, _strangers, _logger) = (path, tasks, messages, strangers, logger);
        _turn = new LoopTurn(loop, Flush);
        _eventsTurn = new LoopTurn(loop, LeaveEvents);
        _socket = new ParkingSocket(loop, Hear, Flush, (message, errno) => logger.NotParked(message.Unit, errno.ToString())); // it dies with us
    }

    /// <summary>What the daemon is to be told.</summary>
    public required EventOutbox Events { get; init; }

    /// <summary>Goes on with the connection that a dead shim's state came by: all of it is with the daemon still.</summary>
    public void GoOn(FileDescriptor connection)
    {
        _due.Clear();
        _socket.Open(connection);
        foreach (ContainerTask task in _tasks.All)
        {
            foreach (TaskProcess process in task.Processes)
            {
                Changed(task, process);
            }
        }

        Flush();
        _ = _socket.Send(new ParkingMessage { Kind = ParkingMessage.Types.Kind.Serves }, []); // a daemon that has gone meanwhile does not wait for it
    }

    /// <summary>A process is there, or has changed so that its caller is about to be told: it is left before that.</summary>
    public void Park(ContainerTask task, TaskProcess process)
    {
        if (!_socket.IsOpen)
        {
            Connect();
            return;
        }

        Changed(task, process);
        Flush();
    }

    /// <summary>Something of a process has changed: it is left in the next turn of the loop, with what else changes in this one.</summary>
    public void Changed(ContainerTask task, TaskProcess process) => Enqueue(new ParkedPart(ParkedKind.Process, task, process));

    /// <summary>Settings have changed: that is left before it is answered.</summary>
    public void ShimChanged()
    {
        Enqueue(new ParkedPart(ParkedKind.Shim));
        Flush();
    }

    /// <summary>Events have been queued or sent. One that is sent at once, as most are, need not be left: the kernel has it.</summary>
    public void EventsChanged()
    {
        if (_socket.IsOpen)
        {
            _eventsMayBeSentYet = true;
            _eventsTurn.Queue();
        }
    }

    /// <summary>A process is deleted: what was left of it closes now.</summary>
    public void Gone(ContainerTask task, TaskProcess process)
    {
        Enqueue(new ParkedPart(ParkedKind.Gone, task, process));
        Flush();
    }

    /// <summary>A container is deleted, and its processes with it.</summary>
    public void Gone(ContainerTask task)
    {
        foreach (TaskProcess process in task.Processes)
        {
            Enqueue(new ParkedPart(ParkedKind.Gone, task, process));
        }

        Flush();
    }

    /// <summary>A daemon has connected: one that was away knows nothing of us any more.</summary>
    public void DaemonSeen()
    {
        if (!_socket.IsOpen && _tasks.All.Count > 0)
        {
            Connect();
        }
    }

    // In the second round of the loop after a change: in the first the outbox may be about to send.
    private void LeaveEvents()
    {
        if (_eventsMayBeSentYet)
        {
            _eventsMayBeSentYet = false;
            _eventsTurn.Queue();
        }
        else if (Events.HasUnsent || _hasLeftEvents)
        {
            ShimChanged();
        }
    }

    private void Connect()
    {
        try
        {
            _socket.Open(PacketSocket.Connect(_path));
            _isRefused = false;
        }
        catch (SyscallException e)
        {
            if (!_isRefused)
            {
                _isRefused = true; // once: a daemon that is away is met again when it is back
                _logger.NothingParked(e.Message);
            }

            return;
        }

        _due.Clear();
        _due.Enqueue(new ParkedPart(ParkedKind.Hello));
        _due.Enqueue(new ParkedPart(ParkedKind.Shim));
        foreach (ContainerTask task in _tasks.All)
        {
            foreach (TaskProcess process in task.Processes)
            {
                _due.Enqueue(new ParkedPart(ParkedKind.Process, task, process));
            }
        }

        _due.Enqueue(new ParkedPart(ParkedKind.Whole));
        Flush();
    }

    private void Enqueue(ParkedPart part)
    {
        if (!_socket.IsOpen)
        {
            return;
        }

        foreach (ParkedPart due in _due)
        {
            if (due.Is(part))
            {
                return;
            }
        }

        _due.Enqueue(part);
        _turn.Queue();
    }

    private void Flush()
    {
        while (_due.TryPeek(out ParkedPart? part))
        {
            if (!IsVoid(part) && !TrySend(part))
            {
                break; // there will be room, which is told, or there is no connection any more
            }

            _due.TryDequeue(out _);
        }

        if (!_socket.IsOpen)
        {
            _due.Clear();
        }
    }

    // A process that was deleted after this was noted.
    private bool IsVoid(ParkedPart part) => part.Kind == ParkedKind.Process
        && (_tasks.Find(part.Task!.Id) != part.Task || part.Task.Find(part.Task.SubjectOf(part.Process!)) != part.Process);

    private bool TrySend(ParkedPart part)
    {
        Inheritance left = new();
        ParkingMessage message = _messages.Of(part, left);
        _hasLeftEvents = part.Kind == ParkedKind.Shim ? Events.HasUnsent : _hasLeftEvents;
        if (part.Kind == ParkedKind.Process)
        {
            part.Process!.Stdio?.Follow(() => Changed(part.Task!, part.Process));
        }

        return _socket.Send(message, left.Descriptors) is Sent.Done or Sent.Refused;
    }

    private void Hear(ParkingMessage message)
    {
        switch (message.Kind)
        {
            case ParkingMessage.Types.Kind.Exited:
                _strangers.Told(ParkedExit.Of(message));
                break;
            case ParkingMessage.Types.Kind.Whole:
                _strangers.AllIsTold();
                break;
            default:
                break; // of a newer daemon: it can do without
        }
    }
}
