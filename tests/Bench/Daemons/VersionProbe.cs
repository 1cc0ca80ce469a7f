using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ShimStack.Bench.Daemons;

/// <summary>
/// A Version call by as little of a client as there can be: what HTTP/2 wants at the begin of a connection, one request, and what comes back. The first call of
/// a whole client takes some ms of the same processors, which are not the daemon's. See RFC 9113, and RFC 7541 for the headers, none of which is compressed.
/// </summary>
internal static class VersionProbe
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int FrameHead = 9;
    private const int EmptyMessage = 5;

    private static readonly byte[] Request =
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        .. Frame(Settings, 0, 0, []),
        .. Frame(Headers, EndHeaders, 1,
        [
            .. Header(":method", "POST"), .. Header(":scheme", "http"), .. Header(":path", "/containerd.services.version.v1.Version/Version"),
            .. Header(":authority", "localhost"), .. Header("content-type", "application/grpc"), .. Header("te", "trailers"),
        ]),
        .. Frame(Data, EndStream, 1, new byte[EmptyMessage]),
    ];

    /// <summary>Asks once.</summary>
    /// <param name="socket">The daemon's.</param>
    /// <param name="limit">For each read.</param>
    /// <returns>Whether a version came; false if nobody listens, or there is no such service yet.</returns>
    /// <exception cref="SocketException">Timed out.</exception>
    internal static bool Answers(string socket, TimeSpan limit)
    {
        using Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)limit.TotalMilliseconds };
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            connection.Send(Request);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.Shutdown)
        {
            return false;
        }

        return ReadsMessage(connection);
    }

    private static bool ReadsMessage(Socket connection)
    {
        byte[] buffer = new byte[32 * 1024];
        int filled = 0;
        bool isAnswered = false;
        while (connection.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None) is int count and > 0)
        {
            filled += count;
            while (filled >= FrameHead && LengthOf(buffer) is int length && filled >= length)
            {
                isAnswered |= buffer[3] == Data && length > FrameHead + EmptyMessage;
                if (buffer[3] is Data or Headers && (buffer[4] & EndStream) != 0)
                {
                    return isAnswered;
                }

                buffer.AsSpan(length, filled - length).CopyTo(buffer);
                filled -= length;
            }
        }

        return false;
    }

    private static int LengthOf(ReadOnlySpan<byte> frame) => FrameHead + (frame[0] << 16 | frame[1] << 8 | frame[2]);

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] head = [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(5), stream);
        return [.. head, .. payload];
    }

    private static byte[] Header(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
