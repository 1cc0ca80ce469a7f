using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Who may connect: root, our own user, and members of the configured group, who are root's equals. See unix(7), SO_PEERCRED.</summary>
internal sealed class PeerCheck(uint? group, ILogger logger)
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERGROUPS = 59;
    private const int MaxGroups = 256;

    /// <summary>Refuses strangers: their connection is closed before a byte of it is read.</summary>
    public async Task PassAsync(ConnectionContext connection, Func<Task> next)
    {
        Socket? socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is not null && !MayPass(socket))
        {
            connection.Abort();
            return;
        }

        await next();
    }

    private bool MayPass(Socket socket)
    {
        (uint uid, uint gid) = TtrpcListener.CredentialsOf(socket);
        if (uid == 0 || uid == CurrentProcess.EffectiveUserId || (group is uint wanted && (gid == wanted || HasGroup(socket, wanted))))
        {
            return true;
        }

        logger.PeerRefused(uid, gid);
        return false;
    }

    private static bool HasGroup(Socket socket, uint wanted)
    {
        Span<byte> groups = stackalloc byte[MaxGroups * sizeof(uint)];
        int length = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERGROUPS, groups);
        for (int i = 0; i + sizeof(uint) <= length; i += sizeof(uint))
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(groups[i..]) == wanted)
            {
                return true;
            }
        }

        return false;
    }
}
