using CsCheck;

namespace ShimStack.Ttrpc.Tests;

public sealed class FrameWriterTests
{
    [Fact]
    public async Task FramesWrittenFromManyThreadsStayWhole()
    {
        (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair(capacity: 100);
        FrameWriter writer = new(server, e => throw e);
        Task senders = Task.WhenAll(Enumerable.Range(1, 8).Select(sender => Task.Run(() =>
        {
            for (uint i = 0; i < 50; i++)
            {
                byte[] payload = new byte[20 * sender];
                payload.AsSpan().Fill((byte)sender);
                writer.Send(Frame.Encode((uint)sender, FrameType.Data, FrameFlags.None, payload));
            }
        })));
        RawPeer peer = new(client);
        for (int i = 0; i < 8 * 50; i++)
        {
            Frame frame = await peer.ReadAsync();
            Assert.Equal(20 * frame.Header.StreamId, frame.Header.Length);
            Assert.All(frame.Payload.ToArray(), value => Assert.Equal(frame.Header.StreamId, value));
        }
        await senders.WithTimeout();
    }

    [Fact]
    public void WhatWentOutAndWhatIsPutDownAreTogetherWhatWasSent() =>
        Gen.Select(Gen.Byte.Array[1, 300].Array[1, 6], Gen.Int[1, 500]).Sample((frames, capacity) =>
        {
            (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair(capacity);
            FrameWriter writer = new(server, e => throw e);
            foreach (byte[] frame in frames)
            {
                writer.Send(frame);
            }
            byte[]? rest = writer.PutDownAsync().WithTimeout().GetAwaiter().GetResult();
            byte[] all = frames.SelectMany(frame => frame).ToArray();
            byte[] written = new byte[all.Length];
            int count = all.Length - rest!.Length;
            Assert.Equal(Math.Min(capacity, all.Length), count);
            client.ReadExactlyAsync(written.AsMemory(0, count)).WithTimeout().GetAwaiter().GetResult();
            Assert.Equal(all, written[..count].Concat(rest));
        }, iter: 200);

    [Fact]
    public async Task AStreamThatCannotSayHowFarItCameIsWaitedFor()
    {
        (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair(capacity: 10);
        FrameWriter writer = new(new PlainStream(server), e => throw e);
        writer.Send(new byte[25]);
        writer.Send(new byte[] { 1, 2, 3 });
        Task<byte[]?> down = writer.PutDownAsync().AsTask();
        Assert.False(down.IsCompleted);
        await client.ReadExactlyAsync(new byte[25]).WithTimeout();
        Assert.Equal([1, 2, 3], await down.WithTimeout());
    }

    [Fact]
    public async Task AFailedWriteIsToldOnceAndNothingMoreIsQueued()
    {
        (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair();
        List<Exception> failures = [];
        FrameWriter writer = new(server, failures.Add);
        client.Dispose();
        writer.Send(new byte[3]);
        writer.Send(new byte[3]);
        await writer.WaitForRoomAsync(1, CancellationToken.None).WithTimeout();
        Assert.IsType<IOException>(Assert.Single(failures));
        Assert.Null(await writer.PutDownAsync().WithTimeout());
    }

    [Fact]
    public async Task WhoCanWaitWaitsWhileMuchIsQueued()
    {
        (MemoryStreamEnd client, MemoryStreamEnd server) = MemoryStreamEnd.Pair(capacity: 10);
        FrameWriter writer = new(server, e => throw e);
        writer.Send(new byte[30]);
        Task room = writer.WaitForRoomAsync(30, CancellationToken.None).AsTask();
        Assert.False(room.IsCompleted);
        await client.ReadExactlyAsync(new byte[30]).WithTimeout();
        await room.WithTimeout();
    }
}
