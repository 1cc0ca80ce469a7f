using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Polling;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Parking;

/// <summary>What became of sending a message.</summary>
internal enum Sent
{
    /// <summary>The kernel has it.</summary>
    Done,

    /// <summary>Too much waits for the daemon: there will be room, and that is told.</summary>
    NoRoom,

    /// <summary>There is no connection.</summary>
    NoConnection,

    /// <summary>It cannot be sent, now or later.</summary>
    Refused,
}

/// <summary>Our end of the connection to shimstackd on which things are left; at most one at a time. Told of what is said there, and of room.</summary>
/// <param name="loop">Where it is read.</param>
/// <param name="heard">Called with each message of the daemon.</param>
/// <param name="room">Called when there is room again.</param>
/// <param name="refused">Called with what cannot be sent, and why.</param>
internal sealed class ParkingSocket(EventLoop loop, Action<ParkingMessage> heard, Action room, Action<ParkingMessage, Errno> refused) : IReadiness
{
    private const int MaxTold = 4096; // what is told to us is small

    private FileDescriptor? _socket;
    private ulong _tag;
    private bool _watchesRoom;

    public bool IsOpen => _socket is not null;

    /// <summary>Takes over a connection; there must be none.</summary>
    public void Open(FileDescriptor socket)
    {
        _socket = socket;
        _watchesRoom = false;
        _tag = loop.Register(socket, EpollEvents.EPOLLIN, this);
    }

    /// <summary>Sends one message, with copies of descriptors.</summary>
    public Sent Send(ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors)
    {
        if (_socket is null)
        {
            return Sent.NoConnection;
        }

        IoResult sent = PacketSocket.Send(_socket, message.ToByteArray(), descriptors);
        if (sent.WouldBlock)
        {
            WatchRoom(true);
            return Sent.NoRoom;
        }

        if (sent.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            Close();
            return Sent.NoConnection;
        }

        if (!sent.IsOk)
        {
            refused(message, sent.Errno); // too long, or too many descriptors
            return Sent.Refused;
        }

        return Sent.Done;
    }

    public void OnReady(EpollEvents events)
    {
        if ((events & (EpollEvents.EPOLLIN | EpollEvents.EPOLLHUP | EpollEvents.EPOLLERR)) != 0)
        {
            Listen();
        }

        if (_watchesRoom)
        {
            WatchRoom(false);
            room();
        }
    }

    // Only for as long as there is none: else the daemon would wake us with each message that it takes.
    private void WatchRoom(bool isWatched)
    {
        if (_socket is not null && _watchesRoom != isWatched)
        {
            _watchesRoom = isWatched;
            loop.Change(_socket, isWatched ? EpollEvents.EPOLLIN | EpollEvents.EPOLLOUT : EpollEvents.EPOLLIN, _tag);
        }
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
                Close();
                return;
            }

            heard(ParkingMessage.Parser.ParseFrom(buffer, 0, read.Count));
        }
    }

    private void Close()
    {
        if (_socket is not null)
        {
            loop.Forget(_socket, _tag);
            _socket.Dispose();
            _socket = null;
        }
    }
}
