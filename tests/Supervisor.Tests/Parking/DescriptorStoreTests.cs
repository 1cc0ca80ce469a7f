using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Sockets;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Parking;
using Kind = ShimStack.Api.Parking.ParkingMessage.Types.Kind;

namespace ShimStack.Supervisor.Tests.Parking;

/// <summary>A service manager keeps what shims have left, and hands it to the next daemon. See sd_notify(3), FDSTORE.</summary>
public sealed class DescriptorStoreTests : IDisposable
{
    private const string Socket = "/run/containerd/s/1";
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly FileDescriptor _manager;
    private readonly Dictionary<string, FileDescriptor> _stored = [];

    public DescriptorStoreTests() => _manager = PacketSocket.BindDatagram(Path.Join(_directory, "notify"));

    [Fact]
    public void WhatAShimLeavesIsStoredUnderOneNameAndTakenBack()
    {
        ParkedShims shims = new(TimeProvider.System);
        Store(shims).Begin(new ServiceManager(Path.Join(_directory, "notify"), null));
        ParkedShim shim = Connect(shims);
        FileDescriptor writeEnd = Park(shims, shim, "init c1");
        Listen();
        string first = Assert.Single(_stored).Key;
        Park(shims, shim, "exec c1 e1");
        Listen();
        Assert.NotEqual(first, Assert.Single(_stored).Key);

        Dictionary<string, FileDescriptor> handed = _stored.ToDictionary(one => one.Key, one => Files.Duplicate(one.Value));
        shims.Remove(shim); // both have died, and the dead say nothing: the next daemon is started with what is stored
        Forget();
        ParkedShims next = new(TimeProvider.System);
        Store(next).Begin(new ServiceManager(Path.Join(_directory, "notify"), null, [.. handed.Select(one => (one.Key, one.Value))]));
        Assert.Equal(["exec c1 e1", "init c1"], next.Find(Socket)!.Units.Select(unit => unit.Message.Unit).Order());
        Assert.True(Files.Write(writeEnd, "x"u8).IsOk);

        next.RemoveTask(Socket, "c1");
        Listen();
        Assert.Empty(_stored);
        Assert.Equal(Errno.EPIPE, Files.Write(writeEnd, "x"u8).Errno);
    }

    public void Dispose()
    {
        _manager.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static DescriptorStore Store(ParkedShims shims) =>
        new(shims, new ParkedHandOver(shims, NullLogger<ParkedHandOver>.Instance), NullLogger<DescriptorStore>.Instance);

    private static ParkedShim Connect(ParkedShims shims) => shims.Connected(
        new ParkingMessage { Kind = Kind.Hello, Shim = Socket, Id = "c1", Namespace = "default" }, Environment.ProcessId, null);

    private static FileDescriptor Park(ParkedShims shims, ParkedShim shim, string unit)
    {
        PipePair pipe = Pipe.Create();
        ParkingMessage message = new() { Kind = Kind.Unit, Unit = unit, Container = "c1", Record = ByteString.CopyFromUtf8(unit), Numbers = { 5 } };
        shims.Take(shim, message, [pipe.ReadEnd]);
        shims.Settled(shim);
        return pipe.WriteEnd;
    }

    private void Forget()
    {
        byte[] buffer = new byte[4096];
        while (!PacketSocket.Receive(_manager, buffer).Data.WouldBlock)
        {
        }
    }

    // What systemd does with the messages that have come.
    private void Listen()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            (IoResult data, IReadOnlyList<FileDescriptor> descriptors) = PacketSocket.Receive(_manager, buffer);
            if (data.WouldBlock)
            {
                return;
            }

            string[] lines = Encoding.UTF8.GetString(buffer, 0, data.Count).Split('\n');
            string name = Assert.Single(lines, line => line.StartsWith("FDNAME=", StringComparison.Ordinal))["FDNAME=".Length..];
            if (lines.Contains("FDSTORE=1"))
            {
                Assert.Contains("FDPOLL=0", lines);
                _stored.Add(name, Assert.Single(descriptors));
            }
            else
            {
                Assert.Contains("FDSTOREREMOVE=1", lines);
                Assert.True(_stored.Remove(name, out FileDescriptor? removed));
                removed.Dispose();
            }
        }
    }
}
