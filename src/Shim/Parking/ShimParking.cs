using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Sockets;
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
internal sealed class ShimParking : IReadiness
{
    /// <summary>In the environment of the server: where to leave it. No runtime and no container gets to see it.</summary>
    public const string Variable = "SHIMSTACK_PARK";

    private const int MaxTold = 4096; // what is told to us is small
    private readonly EventLoop _loop;
    private readonly string _path;
    private readonly TaskTable _tasks;
    private readonly ParkingMessages _messages;
    private readonly Strangers _strangers;
    private readonly ILogger _logger;
    private readonly Queue<ParkedPart> _due = new();
    private readonly LoopTurn _turn;
    private FileDescriptor? _socket;
    private ulong _tag;
    private bool _isRefused;

    public ShimParking(EventLoop loop, string path, TaskTable tasks, ParkingMessages messages, Strangers strangers, ILogger logger)
    {
        (_loop, _path, _tasks, _messages, _strangers, _logger) = (loop, path, tasks, messages, strangers, logger);
        _turn = new LoopTurn(loop, Flush);
    }

    /// <summary>Goes on with the connection that a dead shim's state came by: all of it is with the daemon still.</summary>
    public void GoOn(FileDescriptor connection)
    {
        Attach(connection);
        foreach (ContainerTask task in _tasks.All)
        {
            foreach (TaskProcess process in task.Processes)
            {
                Changed(task, process);
            }
        }

        Flush();
        Send(new ParkingMessage { Kind = ParkingMessage.Types.Kind.Serves }, []);
    }

    /// <summary>A process is there, or has changed so that its caller is about to be told: it is left before that.</summary>
    public void Park(ContainerTask task, TaskProcess process)
    {
        if (_socket is null)
        {
            Connect();
            return;
        }

        Changed(task, process);
        Flush();
    }

    /// <summary>Something of a process has changed: it is left in the next turn of the loop, with what else changes in this one.</summary>
    public void Changed(ContainerTask task, TaskProcess process) => Enqueue(new ParkedPart(ParkedKind.Process, task, process));

    /// <summary>Settings have changed.</summary>
    public void ShimChanged() => Enqueue(new ParkedPart(ParkedKind.Shim));

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
        if (_socket is null && _tasks.All.Count > 0)
        {
            Connect();
        }
    }

    public void OnReady(EpollEvents events)
    {
        if ((events & (EpollEvents.EPOLLIN | EpollEvents.EPOLLHUP | EpollEvents.EPOLLERR)) != 0)
        {
            Listen();
        }

        Flush();
    }

    private void Connect()
    {
        try
        {
            Attach(PacketSocket.Connect(_path));
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

    private void Attach(FileDescriptor socket)
    {
        _due.Clear();
        _socket = socket;
        _tag = _loop.Register(socket, EpollEvents.EPOLLIN | EpollEvents.EPOLLOUT, this);
    }

    private void Enqueue(ParkedPart part)
    {
        if (_socket is null)
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
                return; // there will be room, which is an edge, or there is no connection any more
            }

            _due.TryDequeue(out _);
        }
    }

    // A process that was deleted after this was noted.
    private bool IsVoid(ParkedPart part) => part.Kind == ParkedKind.Process
        && (_tasks.Find(part.Task!.Id) != part.Task || part.Task.Find(part.Task.SubjectOf(part.Process!)) != part.Process);

    private bool TrySend(ParkedPart part)
    {
        Inheritance left = new();
        ParkingMessage message = _messages.Of(part, left);
        if (part.Kind == ParkedKind.Process)
        {
            part.Process!.Stdio?.Follow(() => Changed(part.Task!, part.Process));
        }

        return Send(message, left.Descriptors);
    }

    private bool Send(ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors)
    {
        if (_socket is null)
        {
            return false;
        }

        IoResult sent = PacketSocket.Send(_socket, message.ToByteArray(), descriptors);
        if (sent.WouldBlock)
        {
            return false;
        }

        if (sent.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            Disconnect();
            return false;
        }

        if (!sent.IsOk)
        {
            _logger.NotParked(message.Unit, sent.Errno.ToString()); // too long, or too many descriptors: it is one that dies with us
        }

        return true;
    }

    private void Listen()
    {
        byte[] buffer = new byte[MaxTold];
        while (_socket is not null)
        {
            IoResult read = UnixSocket.Receive(_socket, buffer);
            if (read.WouldBlock)
            {
                return;
            }

            if (!read.IsOk || read.IsEnd)
            {
                Disconnect();
                return;
            }

            Hear(ParkingMessage.Parser.ParseFrom(buffer, 0, read.Count));
        }
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

    private void Disconnect()
    {
        if (_socket is not null)
        {
            _loop.Forget(_socket, _tag);
            _socket.Dispose();
            _socket = null;
            _due.Clear();
        }
    }
}
