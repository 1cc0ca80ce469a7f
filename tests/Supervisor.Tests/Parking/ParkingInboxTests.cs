using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Processes;
using Kind = ShimStack.Api.Parking.ParkingMessage.Types.Kind;

namespace ShimStack.Supervisor.Tests.Parking;

/// <summary>When what shims have sent is read: not in the first moment of a daemon, but before anybody concludes that it is not there.</summary>
public sealed class ParkingInboxTests : IDisposable
{
    private const string Shim = "/run/containerd/s/1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly ParkedShims _shims = new(TimeProvider.System);
    private readonly ParkingInbox _inbox;
    private readonly ParkingEndpoint _endpoint;

    public ParkingInboxTests()
    {
        DescriptorLoop loop = new();
        loop.Start();
        _inbox = new ParkingInbox(loop, _shims, NullLogger<ParkingInbox>.Instance);
        _endpoint = ParkingEndpoint.Open(new SupervisorSettings { Address = Address }, _inbox, _time);
        _endpoint.BeginPause();
    }

    private string Address => Path.Join(_directory, "sock");

    [Fact]
    public async Task WhatADeadShimHasSentIsThereForWhoeverWantsToKnow()
    {
        using (FileDescriptor connection = Connect())
        {
            Send(connection, "init c1");
        }

        Assert.Null(_shims.Find(Shim));
        await _inbox.CatchUpAsync();
        Assert.Equal("init c1", Assert.Single(_shims.Find(Shim)!.Units).Message.Unit);
        Assert.Null(_shims.Find(Shim)!.Connection); // its end was heard, too
    }

    [Fact]
    public async Task WhatComesOnAConnectionThatIsKnownIsReadAsWell()
    {
        using FileDescriptor connection = Connect();
        await _inbox.CatchUpAsync();
        for (int i = 0; i < 100; i++)
        {
            Send(connection, $"exec c1 e{i}");
            await _inbox.CatchUpAsync();
            Assert.Equal(i + 1, _shims.Find(Shim)!.Units.Count);
        }
    }

    [Fact]
    public async Task AfterThePauseItIsReadByItself()
    {
        TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _shims.Changed += _ => read.TrySetResult();
        using FileDescriptor connection = Connect();
        Send(connection, "init c1");
        await _inbox.Loop.RunAsync(() => true).WaitAsync(Limit, TestContext.Current.CancellationToken); // the loop has been round
        Assert.False(read.Task.IsCompleted);
        _time.Advance(ParkingEndpoint.Pause);
        await read.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.NotNull(_shims.Find(Shim));
    }

    [Fact]
    public async Task WhoIsAboutToMakeAProcessEndsThePause()
    {
        TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _shims.Changed += _ => read.TrySetResult();
        _inbox.Begin();
        await _inbox.Loop.RunAsync(() => true).WaitAsync(Limit, TestContext.Current.CancellationToken);
        using FileDescriptor connection = Connect();
        Send(connection, "init c1");
        await read.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.NotNull(_shims.Find(Shim));
        _inbox.Begin(); // again is harmless
        _time.Advance(ParkingEndpoint.Pause);
    }

    public void Dispose()
    {
        _endpoint.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private FileDescriptor Connect()
    {
        FileDescriptor connection = PacketSocket.Connect(Address + SupervisorSettings.ParkingSuffix);
        Send(connection, new ParkingMessage { Kind = Kind.Hello, Shim = Shim, Id = "c1", Namespace = "default" });
        return connection;
    }

    private static void Send(FileDescriptor connection, string unit) => Send(connection, new ParkingMessage { Kind = Kind.Unit, Unit = unit, Container = "c1" });

    private static void Send(FileDescriptor connection, ParkingMessage message) => Assert.True(PacketSocket.Send(connection, message.ToByteArray(), []).IsOk);
}
