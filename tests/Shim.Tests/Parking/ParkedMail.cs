using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Tests.State;
using Kind = ShimStack.Api.Parking.ParkingMessage.Types.Kind;

namespace ShimStack.Shim.Tests.Parking;

/// <summary>The daemon's end of a shim's parking: takes what it leaves, and hands it on.</summary>
internal sealed class ParkedMail
{
    private readonly FileDescriptor _connection;
    private readonly Dictionary<string, (ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors)> _units = [];

    private ParkedMail(FileDescriptor connection) => _connection = connection;

    /// <summary>The messages in the order in which they came: kind and unit.</summary>
    public List<string> Story { get; } = [];

    public IReadOnlyDictionary<string, (ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors)> Units => _units;

    /// <summary>The connection of a shim that has something to leave.</summary>
    public static ParkedMail Of(ShimInTest shim)
    {
        Assert.True(UnixSocket.TryAccept(shim.Parking!, out FileDescriptor? connection));
        ParkedMail mail = new(connection);
        mail.Take();
        return mail;
    }

    /// <summary>Takes all that has come.</summary>
    public void Take()
    {
        byte[] buffer = new byte[65536];
        while (true)
        {
            (IoResult data, IReadOnlyList<FileDescriptor> descriptors) = PacketSocket.Receive(_connection, buffer);
            if (data.WouldBlock)
            {
                return;
            }

            ParkingMessage message = ParkingMessage.Parser.ParseFrom(buffer, 0, data.Count);
            Story.Add($"{message.Kind} {message.Unit}".Trim());
            if (message.Kind is Kind.Unit or Kind.Gone)
            {
                Remove(message.Unit);
            }

            if (message.Kind == Kind.Unit)
            {
                _units[message.Unit] = (message, descriptors);
            }
        }
    }

    /// <summary>A mailbox with everything, for a shim that takes the place; <paramref name="exits"/> are what the daemon knows.</summary>
    public FileDescriptor HandOn(params ParkingMessage[] exits)
    {
        (FileDescriptor ours, FileDescriptor theirs) = PacketSocket.CreatePair();
        foreach ((ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors) in _units.Values)
        {
            Assert.True(PacketSocket.Send(ours, message.ToByteArray(), descriptors).IsOk);
        }

        foreach (ParkingMessage message in (ParkingMessage[])[.. exits, new ParkingMessage { Kind = Kind.Adopt }])
        {
            Assert.True(PacketSocket.Send(ours, message.ToByteArray(), []).IsOk);
        }

        return theirs;
    }

    private void Remove(string unit)
    {
        if (_units.Remove(unit, out (ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors) before))
        {
            foreach (FileDescriptor descriptor in before.Descriptors)
            {
                descriptor.Dispose();
            }
        }
    }
}
