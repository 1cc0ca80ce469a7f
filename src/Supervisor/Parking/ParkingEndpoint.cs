using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Parking;

/// <summary>
/// The socket to which shims bring what must not close with them. Only who we are ourselves may. At a restart all of them come at once, just when
/// clients want to know what has become of their containers: those go first, and who waits here is taken after <see cref="Pause"/>, or as soon as
/// somebody wants to know what is there (<see cref="ParkingInbox.CatchUpAsync"/>) or makes a process (<see cref="ParkingInbox.Begin"/>).
/// </summary>
internal sealed class ParkingEndpoint : IDisposable
{
    /// <summary>Shims do not notice it: the kernel takes their connections and messages, and keeps them if they die.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ParkingInbox _inbox;
    private readonly ListenPath _path;
    private readonly FileDescriptor _socket;
    private readonly TimeProvider _time;
    private ITimer? _pause;
    private ulong? _tag;

    private ParkingEndpoint(ParkingInbox inbox, ListenPath path, FileDescriptor socket, TimeProvider time)
    {
        (_inbox, _path, _socket, _time) = (inbox, path, socket, time);
        inbox.Open(Accept, Begin);
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="StartupException">The socket is in use, or cannot be made.</exception>
    public static ParkingEndpoint Open(SupervisorSettings settings, ParkingInbox inbox, TimeProvider time, KeptDescriptors? kept = null)
    {
        ListenPath path = ListenPath.Claim(settings.ParkingAddress, kept);
        try
        {
            return new ParkingEndpoint(inbox, path, path.ListenForPackets(), time);
        }
        catch (SyscallException e)
        {
            path.Dispose();
            throw new StartupException($"cannot listen on {path.Path}: {e.Message}", e);
        }
    }

    /// <summary>Begins the pause: the daemon serves.</summary>
    public void BeginPause() => _pause = _time.CreateTimer(_ => End(), null, Pause, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _pause?.Dispose();
        _inbox.Close();
        _inbox.Loop.Post(() =>
        {
            if (_tag is ulong tag)
            {
                _inbox.Loop.Forget(_socket, tag);
            }

            _socket.Dispose();
        });
        _path.Dispose();
    }

    private void Begin()
    {
        if (!_socket.IsClosed)
        {
            _tag = _inbox.Loop.Register(_socket, Accept);
            Accept();
        }
    }

    // Also where it was begun before: a shim may come as late as this, and what it has left is read first.
    private void End()
    {
        _inbox.Begin();
        _inbox.Loop.Post(_inbox.Shims.LetGoEarly);
    }

    private void Accept()
    {
        try
        {
            while (!_socket.IsClosed && UnixSocket.TryAccept(_socket, out FileDescriptor? connection))
            {
                PeerCredentials peer = PeerCredentials.Of(connection);
                if (peer.Uid == CurrentProcess.EffectiveUserId)
                {
                    new ParkingConnection(_inbox, connection, peer.Pid, null).Read(); // what it brings is there already, most likely
                }
                else
                {
                    connection.Dispose();
                }
            }
        }
        catch (SyscallException e)
        {
            _inbox.Logger.ParkingRefused(e.Message); // no descriptors: who waits is taken when the next one comes
        }
    }
}
