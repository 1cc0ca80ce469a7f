using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Tests.Loop;

public class LoopDescriptorTests
{
    [Fact]
    public void AWaiterIsWokenByBytesAndByTheEnd() => LoopTest.Run(async loop =>
    {
        PipePair pipe = Pipe.Create();
        using LoopDescriptor reader = new(loop, pipe.ReadEnd, EpollEvents.EPOLLIN);
        Task readable = reader.ReadableAsync(CancellationToken.None).AsTask();
        Assert.False(readable.IsCompleted);
        Files.Write(pipe.WriteEnd, "x"u8);
        await readable.WithTimeout(loop);

        Files.Read(pipe.ReadEnd, new byte[1]);
        readable = reader.ReadableAsync(CancellationToken.None).AsTask();
        pipe.WriteEnd.Dispose();
        await readable.WithTimeout(loop);
    });

    [Fact]
    public void AWaitCanBeCancelledAndWaitedAgain() => LoopTest.Run(async loop =>
    {
        PipePair pipe = Pipe.Create();
        using LoopDescriptor reader = new(loop, pipe.ReadEnd, EpollEvents.EPOLLIN);
        using CancellationTokenSource cancel = new();
        Task readable = reader.ReadableAsync(cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => readable.WithTimeout(loop));

        readable = reader.ReadableAsync(CancellationToken.None).AsTask();
        Files.Write(pipe.WriteEnd, "x"u8);
        await readable.WithTimeout(loop);
        pipe.WriteEnd.Dispose();
    });

    [Fact]
    public void RoomIsNoticedEachTimeThatThereWasNone() => LoopTest.Run(async loop =>
    {
        (FileDescriptor ours, FileDescriptor theirs) = PacketSocket.CreatePair();
        using FileDescriptor peer = theirs;
        using LoopDescriptor socket = new(loop, ours, EpollEvents.EPOLLIN);
        for (int round = 0; round < 2; round++)
        {
            while (Files.Write(ours, new byte[4096]).IsOk)
            {
            }

            Task room = socket.WritableAsync(CancellationToken.None).AsTask();
            Assert.False(room.IsCompleted);
            while (Files.Read(peer, new byte[4096]).IsOk)
            {
            }

            await room.WithTimeout(loop);
        }
    });

    [Fact]
    public void ASecondWaiterIsRefused() => LoopTest.Run(async loop =>
    {
        PipePair pipe = Pipe.Create();
        Task first;
        using (LoopDescriptor reader = new(loop, pipe.ReadEnd, EpollEvents.EPOLLIN))
        {
            first = reader.ReadableAsync(CancellationToken.None).AsTask();
            Assert.Throws<InvalidOperationException>(() => { _ = reader.ReadableAsync(CancellationToken.None); });
        }

        await first.WithTimeout(loop); // a descriptor that goes away leaves nobody behind
        pipe.WriteEnd.Dispose();
    });
}
