using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Sockets;

namespace ShimStack.Supervisor.Parking;

/// <summary>A shim that leaves its state here, and is told of exits. Reads on the loop's thread. See src/Api/Parking/parking.proto.</summary>
internal sealed class ParkingConnection
{
    // Longer than a message can be: what waits in a socket is bounded, see socket(7), SO_SNDBUF.
    private const int MaxMessage = 256 * 1024;

    [ThreadStatic]
    private static byte[]? _buffer; // one for all: the loop reads one connection at a time

    private readonly ParkingInbox _inbox;
    private readonly FileDescriptor _socket;
    private readonly int _peer;
    private readonly TaskCompletionSource<string?> _serves = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ulong _tag;
    private readonly Lock _gate = new(); // who tells something is on another thread than the end
    private ParkedShim? _shim;

    /// <summary>Takes over <paramref name="socket"/>, and listens.</summary>
    /// <param name="inbox">Where it goes.</param>
    /// <param name="socket">Connected.</param>
    /// <param name="peer">The shim's pid.</param>
    /// <param name="shim">Null until the shim has said who it is; else the one whose place it takes.</param>
    public ParkingConnection(ParkingInbox inbox, FileDescriptor socket, int peer, ParkedShim? shim)
    {
        (_inbox, _socket, _peer, _shim) = (inbox, socket, peer, shim);
        lock (_gate)
        {
            _tag = inbox.Loop.Register(socket, Read); // its end, which may come before the next line, waits for the gate
            inbox.Add(this);
        }
    }

    /// <summary>For one that takes another's place: null when it serves, else why it does not.</summary>
    public Task<string?> Serves => _serves.Task;

    /// <summary>It is gone, whether or not everybody knows.</summary>
    public bool HasEnded => _socket.IsClosed;

    /// <summary>Tells the shim of an exit, or that this was all. What does not go through now is in what it has left, and told when it connects again.</summary>
    public void Tell(ParkingMessage message)
    {
        lock (_gate)
        {
            if (!HasEnded)
            {
                _ = PacketSocket.Send(_socket, message.ToByteArray(), []);
            }
        }
    }

    /// <summary>Ends the connection; again is harmless.</summary>
    public void Close() => _inbox.Loop.Post(End);

    /// <summary>Takes what is there. On the loop's thread.</summary>
    public void Read()
    {
        byte[] buffer = _buffer ??= new byte[MaxMessage];
        try
        {
            bool isNews = false;
            while (!HasEnded && Next(buffer))
            {
                isNews = true;
            }

            if (isNews && _shim is not null)
            {
                _inbox.Shims.Settled(_shim);
            }
        }
        catch (Exception e) when (e is SyscallException or InvalidProtocolBufferException)
        {
            _inbox.Logger.ParkingUnclear(_peer, e.Message);
            End();
        }
    }

    private bool Next(byte[] buffer)
    {
        (IoResult data, IReadOnlyList<FileDescriptor> descriptors) = PacketSocket.Receive(_socket, buffer);
        if (data.WouldBlock)
        {
            return false;
        }

        if (!data.IsOk || data.IsEnd)
        {
            End();
            return false;
        }

        ParkingMessage message = ParkingMessage.Parser.ParseFrom(buffer, 0, data.Count);
        switch (message.Kind)
        {
            case ParkingMessage.Types.Kind.Hello:
                _shim = _inbox.Shims.Connected(message, _peer, this);
                break;
            case ParkingMessage.Types.Kind.Serves:
                _serves.TrySetResult(null);
                break;
            case ParkingMessage.Types.Kind.Refused:
                _serves.TrySetResult(message.Reason);
                break;
            default:
                Take(message, descriptors);
                break;
        }

        return true;
    }

    private void Take(ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors)
    {
        if (_shim is not null)
        {
            _inbox.Shims.Take(_shim, message, descriptors);
            return;
        }

        foreach (FileDescriptor descriptor in descriptors)
        {
            descriptor.Dispose(); // of somebody who has not said who it is
        }
    }

    private void End()
    {
        if (HasEnded)
        {
            return;
        }

        lock (_gate)
        {
            _inbox.Loop.Forget(_socket, _tag);
            _socket.Dispose();
        }

        _inbox.Remove(this);

        _serves.TrySetResult("it ended");
        if (_shim is not null)
        {
            _inbox.Shims.Disconnected(_shim, this);
        }
    }
}
