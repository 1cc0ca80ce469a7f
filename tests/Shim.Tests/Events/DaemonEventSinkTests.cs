using Google.Protobuf;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Events;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Events;

public sealed class DaemonEventSinkTests
{
    // The old daemon hangs, and another one has taken its place: it shows itself by connecting to us.
    [Fact]
    public void WhatAFrozenDaemonHasNotReadGoesToTheNextOne() => LoopTest.Run(async loop =>
    {
        using TemporaryDirectory directory = new();
        string path = directory["events"];
        using FileDescriptor frozen = UnixSocket.Listen(path);
        DaemonEventSink sink = new(loop, path, "default");
        bool isLost = false;
        sink.Lost += () => isLost = true;
        PendingEvent exit = new(loop.Timers.GetUtcNow(), "/tasks/exit", "type", ByteString.Empty);
        Task forward = sink.ForwardAsync(exit, CancellationToken.None);
        sink.Renew();
        await LoopTest.TurnAsync();
        Assert.False(forward.IsCompleted);

        await LoopTest.UntilAsync(() => isLost).WithTimeout(loop);
        File.Delete(path);
        using FileDescriptor next = UnixSocket.Listen(path);
        sink.Renew();
        Assert.Equal(RpcCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => forward)).Code);

        using CancellationTokenSource end = new();
        Task again = sink.ForwardAsync(exit, end.Token);
        FileDescriptor? connection = null;
        await LoopTest.UntilAsync(() => UnixSocket.TryAccept(next, out connection)).WithTimeout(loop);
        using (connection)
        {
            await LoopTest.UntilAsync(() => UnixSocket.Receive(connection!, new byte[512]).Count > 0).WithTimeout(loop);
        }

        end.Cancel();
        await Assert.ThrowsAnyAsync<Exception>(() => again);
    });
}
