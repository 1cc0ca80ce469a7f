using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Parking;

/// <summary>The socket to which shims bring what must not close with them. Only who we are ourselves may.</summary>
internal sealed class ParkingEndpoint : IDisposable
{
    private readonly DescriptorLoop _loop;
    private readonly ParkedShims _shims;
    private readonly ListenPath _path;
    private readonly FileDescriptor _socket;
    private readonly ILogger _logger;
    private readonly ulong _tag;

    private ParkingEndpoint(DescriptorLoop loop, ParkedShims shims, ListenPath path, FileDescriptor socket, ILogger logger)
    {
        (_loop, _shims, _path, _socket, _logger) = (loop, shims, path, socket, logger);
        _tag = loop.Register(socket, Accept);
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="StartupException">The socket is in use, or cannot be made.</exception>
    public static ParkingEndpoint Open(SupervisorSettings settings, DescriptorLoop loop, ParkedShims shims, ILogger logger, KeptDescriptors? kept = null)
    {
        ListenPath path = ListenPath.Claim(settings.ParkingAddress, kept);
        try
        {
            return new ParkingEndpoint(loop, shims, path, path.ListenForPackets(), logger);
        }
        catch (SyscallException e)
        {
            path.Dispose();
            throw new StartupException($"cannot listen on {path.Path}: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _loop.Post(() =>
        {
            _loop.Forget(_socket, _tag);
            _socket.Dispose();
        });
        _path.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (UnixSocket.TryAccept(_socket, out FileDescriptor? connection))
            {
                PeerCredentials peer = PeerCredentials.Of(connection);
                if (peer.Uid == CurrentProcess.EffectiveUserId)
                {
                    _ = new ParkingConnection(_loop, _shims, connection, peer.Pid, null, _logger);
                }
                else
                {
                    connection.Dispose();
                }
            }
        }
        catch (SyscallException e)
        {
            _logger.ParkingRefused(e.Message); // no descriptors: who waits is taken when the next one comes
        }
    }
}
