using System.Buffers.Binary;
using Google.Protobuf;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Shim.Tests.State;

namespace ShimStack.Shim.Tests.Upgrade;

/// <summary>A client that sends and reads as few bytes as a test likes. See docs/ttrpc.md.</summary>
internal sealed class RawClient : IDisposable
{
    private const int HeaderSize = 10;
    private readonly FileDescriptor _socket;
    private readonly List<byte> _received = [];

    public RawClient(ShimInTest shim) => _socket = UnixSocket.Connect(Path.Join(shim.Directory.Path, "socket"));

    /// <summary>A State request as it goes over the wire.</summary>
    public static byte[] StateRequest(uint streamId, string id)
    {
        using MemoryStream payload = new();
        using (CodedOutputStream output = new(payload, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString(TaskServices.V2);
            output.WriteTag(2, WireFormat.WireType.LengthDelimited);
            output.WriteString(TaskServices.State);
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(new StateRequest { Id = id }.ToByteString());
        }

        byte[] frame = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), streamId);
        frame[8] = 1; // a request
        payload.ToArray().CopyTo(frame, HeaderSize);
        return frame;
    }

    /// <summary>Sends what the socket takes, and says how much that was.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        IoResult sent = UnixSocket.Send(_socket, bytes);
        return sent.IsOk ? sent.Count : 0;
    }

    /// <summary>The stream ids of the answers, in the order in which they come, once there are <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<uint>> AnswersAsync(int count)
    {
        List<uint> ids = [];
        await LoopTest.UntilAsync(() =>
        {
            Receive();
            ids = Ids();
            return ids.Count >= count;
        });
        return ids;
    }

    public void Dispose() => _socket.Dispose();

    private void Receive()
    {
        Span<byte> buffer = stackalloc byte[4096];
        for (IoResult read = UnixSocket.Receive(_socket, buffer); read is { IsOk: true, Count: > 0 }; read = UnixSocket.Receive(_socket, buffer))
        {
            _received.AddRange(buffer[..read.Count]);
        }
    }

    private List<uint> Ids()
    {
        List<uint> ids = [];
        ReadOnlySpan<byte> rest = _received.ToArray();
        while (rest.Length >= HeaderSize && rest.Length >= HeaderSize + (int)BinaryPrimitives.ReadUInt32BigEndian(rest))
        {
            Assert.Equal(2, rest[8]); // an answer
            ids.Add(BinaryPrimitives.ReadUInt32BigEndian(rest[4..]));
            rest = rest[(HeaderSize + (int)BinaryPrimitives.ReadUInt32BigEndian(rest))..];
        }

        return ids;
    }
}
