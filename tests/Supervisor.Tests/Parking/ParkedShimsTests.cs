using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.HandOver;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Upgrade;
using Kind = ShimStack.Api.Parking.ParkingMessage.Types.Kind;

namespace ShimStack.Supervisor.Tests.Parking;

/// <summary>What shims leave: which parts count, when descriptors close, and how it gets to whoever goes on with it.</summary>
public sealed class ParkedShimsTests
{
    private const string Socket = "/run/containerd/s/1";
    private readonly ParkedShims _shims = new(TimeProvider.System);

    [Fact]
    public void ANewerPartTakesThePlaceOfAnOlderOneWhichCloses()
    {
        ParkedShim shim = Connect();
        PipePair first = Park(shim, "init c1", pid: 100);
        PipePair second = Park(shim, "init c1", pid: 100);
        Assert.True(IsClosedByUs(first));
        Assert.False(IsClosedByUs(second));
        _shims.RemoveTask(Socket, "c1");
        Assert.True(IsClosedByUs(second));
        Assert.Null(_shims.Find(Socket)); // it is not connected, and nothing of a container is left
    }

    [Fact]
    public void WhatIsNotToldAgainIsVoidOnceEverythingWas()
    {
        ParkedShim shim = Connect();
        PipePair old = Park(shim, "exec c1 e1", pid: 101);
        Park(shim, "init c1", pid: 100);
        Assert.Same(shim, Connect());
        PipePair again = Park(shim, "init c1", pid: 100);
        Assert.False(IsClosedByUs(old)); // it may die before it has told everything
        _shims.Take(shim, new ParkingMessage { Kind = Kind.Whole }, []);
        Assert.True(IsClosedByUs(old));
        Assert.False(IsClosedByUs(again));
    }

    [Fact]
    public void AnExitIsKeptForTheShimWhoseItIs()
    {
        ParkedShim shim = Connect();
        Park(shim, "init c1", pid: 100);
        _shims.Ended(new ChildExit(99, 1));
        _shims.Ended(new ChildExit(100, 137, 9));
        ParkingMessage exit = Assert.Single(_shims.ContentOf(shim), part => part.Message.Kind == Kind.Exited).Message;
        Assert.Equal((100u, 137u, 9u, false), (exit.Pid, exit.Status, exit.Signal, exit.Announced));
        Park(shim, "init c1", pid: 102);
        Assert.DoesNotContain(_shims.ContentOf(shim), part => part.Message.Kind == Kind.Exited);
    }

    [Fact]
    public void AMailboxHoldsEverything()
    {
        ParkedShim shim = Connect();
        PipePair pipe = Park(shim, "init c1", pid: 100);
        (FileDescriptor ours, FileDescriptor theirs) = Mailbox.Fill(_shims.ContentOf(shim));
        ours.Dispose();
        _shims.Remove(shim);
        Assert.False(IsClosedByUs(pipe)); // the kernel has it
        List<(ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors)> content = Mailbox.Empty(theirs);
        Assert.Equal([Kind.Hello, Kind.Unit], content.Select(part => part.Message.Kind));
        Assert.Equal("init c1", Encoding.UTF8.GetString(content[1].Message.Record.Span));
        content[1].Descriptors[0].Dispose();
        Assert.True(IsClosedByUs(pipe));
    }

    [Fact]
    public void TheNextBuildHasWhatWasLeftAndTheOneBeforeGetsItBack()
    {
        PipePair pipe = Park(Connect(), "init c1", pid: 100);
        KeptDescriptors first = new();
        HandOver(_shims).Leave(first);
        ParkedShims next = new(TimeProvider.System);
        KeptDescriptors second = Next(first);
        HandOver(next).Take(second);
        Assert.Equal("init c1", Assert.Single(next.Find(Socket)!.Units).Message.Unit);
        ParkedShims back = new(TimeProvider.System);
        HandOver(back).Take(Next(second));
        Assert.Single(back.Find(Socket)!.Units);
        foreach (ParkedShims shims in (ParkedShims[])[_shims, next, back])
        {
            shims.Remove(shims.Find(Socket)!);
        }

        Assert.False(IsClosedByUs(pipe)); // it is in what was kept for a way back
        ParkedHandOver.Settle(first);
        ParkedHandOver.Settle(second);
    }

    private static ParkedHandOver HandOver(ParkedShims shims) => new(shims, NullLogger<ParkedHandOver>.Instance);

    // As execve leaves them, in this process.
    private static KeptDescriptors Next(KeptDescriptors kept)
    {
        KeptDescriptors next = new();
        next.Inherit(kept.All().ConvertAll(one => new KeptDescriptor { Name = one.Name, Number = Files.Duplicate(one.Descriptor).Release() }));
        return next;
    }

    private ParkedShim Connect() => _shims.Connected(
        new ParkingMessage { Kind = Kind.Hello, Shim = Socket, Id = "c1", Namespace = "default" }, Environment.ProcessId, null);

    // The read end is left; whether it is still held the write end tells.
    private PipePair Park(ParkedShim shim, string unit, uint pid)
    {
        PipePair pipe = Pipe.Create();
        ParkingMessage message = new() { Kind = Kind.Unit, Unit = unit, Container = "c1", Record = ByteString.CopyFromUtf8(unit), Pids = { pid }, Numbers = { 5 } };
        _shims.Take(shim, message, [pipe.ReadEnd]);
        return pipe;
    }

    private static bool IsClosedByUs(PipePair pipe) => Files.Write(pipe.WriteEnd, "x"u8).Errno == Errno.EPIPE;
}
