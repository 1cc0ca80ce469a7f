using ShimStack.Native.Pipes;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Settings;
using ShimStack.Shim.Stdio.Spooling;
using ShimStack.Shim.Tests.Loop;

namespace ShimStack.Shim.Tests.Stdio.Spooling;

/// <summary>A container whose output nobody reads goes on, and nothing of it is lost or out of order.</summary>
public class SpooledFifoTests
{
    private const int Megabyte = 1 << 20;

    private static readonly ShimSettings Settings = new() { SpoolBytes = 4 * Megabyte, SpoolNodeBytes = 8 * Megabyte, SpoolAfter = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public void WithoutAReaderTheContainerWritesOnAndAllFollowsInOrder() => Run(Settings, async (stream, loop) =>
    {
        byte[] bytes = StreamInTest.Bytes(3 * Megabyte);
        stream.CloseReader();
        await stream.WriteAsync(bytes, Sizes(), end: false).WithTimeout(loop);
        Assert.True(Spool(stream).Kept > 2 * Megabyte);

        stream.ReopenReader();
        byte[] read = await stream.ReadAsync(bytes.Length).WithTimeout(loop);
        Assert.Equal(StreamInTest.Checksum(bytes), StreamInTest.Checksum(read));
        Assert.Equal(0, Spool(stream).Kept);
        Assert.Empty(Directory.GetFiles(stream.WorkFolder));
    });

    [Fact]
    public void AReaderThatIsStuckIsNotWaitedForAfterAWhile() => Run(Settings, async (stream, loop) =>
    {
        byte[] bytes = StreamInTest.Bytes(2 * Megabyte);
        await stream.WriteAsync(bytes, Sizes()).WithTimeout(loop);
        byte[] read = await stream.ReadAsync().WithTimeout(loop);
        Assert.Equal(StreamInTest.Checksum(bytes), StreamInTest.Checksum(read));
        Assert.Contains(stream.Log.Lines, static line => line.Contains("has taken nothing for 0.05 s", StringComparison.Ordinal));
    });

    [Fact]
    public void AReaderThatIsMerelySlowIsWaitedForAndNothingGoesToDisk() => Run(Settings with { SpoolAfter = TimeSpan.FromSeconds(5) }, async (stream, loop) =>
    {
        byte[] bytes = StreamInTest.Bytes(Megabyte);
        Task write = stream.WriteAsync(bytes, Sizes());
        byte[] read = await stream.ReadAsync(chunk: 512).WithTimeout(loop);
        await write;
        Assert.Equal(StreamInTest.Checksum(bytes), StreamInTest.Checksum(read));
        Assert.DoesNotContain(stream.Log.Lines, static line => line.Contains("kept on disk", StringComparison.Ordinal));
    });

    [Fact]
    public void TheEndComesAfterTheLastByteThoughTheProcessIsLongGone() => Run(Settings, async (stream, loop) =>
    {
        byte[] bytes = StreamInTest.Bytes(Megabyte);
        stream.CloseReader();
        await stream.WriteAsync(bytes, Sizes()).WithTimeout(loop);
        await LoopTest.TurnAsync();
        Assert.False(stream.Copy.Done.IsCompleted);

        stream.ReopenReader();
        byte[] read = await stream.ReadAsync().WithTimeout(loop);
        Assert.Equal(StreamInTest.Checksum(bytes), StreamInTest.Checksum(read));
        await stream.Copy.Done.WithTimeout(loop);
    });

    [Fact]
    public void AFullSpoolBlocksAndLosesNothing() => Run(Settings with { SpoolBytes = Megabyte }, async (stream, loop) =>
    {
        byte[] bytes = StreamInTest.Bytes(2 * Megabyte);
        stream.CloseReader();
        Task write = stream.WriteAsync(bytes, Sizes());
        await LoopTest.UntilAsync(() => Spool(stream).Kept == Megabyte).WithTimeout(loop);
        await LoopTest.TurnAsync();
        Assert.False(write.IsCompleted);

        stream.ReopenReader();
        byte[] read = await stream.ReadAsync().WithTimeout(loop);
        await write.WithTimeout(loop);
        Assert.Equal(StreamInTest.Checksum(bytes), StreamInTest.Checksum(read));
    });

    [Fact]
    public void AFullSpoolMayDropTheOldestAndCountsThem() => Run(Settings with { SpoolBytes = Megabyte, SpoolDropsOldest = true }, async (stream, loop) =>
    {
        byte[] bytes = StreamInTest.Bytes(3 * Megabyte);
        stream.CloseReader();
        await stream.WriteAsync(bytes, Sizes(), end: false).WithTimeout(loop);
        await LoopTest.UntilAsync(() => Pipe.BytesReadable(stream.Process) == 0).WithTimeout(loop);
        long dropped = Spool(stream).Lost;
        Assert.InRange(dropped, 2 * Megabyte - 8192, 2 * Megabyte);

        stream.ReopenReader();
        stream.EndProcess();
        byte[] read = await stream.ReadAsync().WithTimeout(loop);

        // What was on its way when the reader went, a pending piece, comes first; then the last megabyte.
        Assert.Equal(bytes.Length - dropped, read.Length);
        Assert.Equal(StreamInTest.Checksum(bytes.AsSpan(^Megabyte..)), StreamInTest.Checksum(read.AsSpan(^Megabyte..)));
        Assert.Contains(stream.Log.Lines, static line => line.Contains("its spool is full", StringComparison.Ordinal));
    });

    [Fact]
    public void AMachineWithoutPlacesLeftBlocksAndSaysSoOnce() => Run(Settings with { SpoolNodeBytes = Megabyte }, async (stream, loop) =>
    {
        stream.CloseReader();
        Task write = stream.WriteAsync(StreamInTest.Bytes(Megabyte), Sizes(), end: false);
        await LoopTest.UntilAsync(() => stream.Log.Lines.Any(static line => line.Contains("are taken", StringComparison.Ordinal))).WithTimeout(loop);
        Assert.False(write.IsCompleted);
        Assert.Single(stream.Log.Lines, static line => line.Contains("its container will block", StringComparison.Ordinal));
    });

    [Fact]
    public void PlacesAreSharedAndGivenBack() => Run(Settings with { SpoolNodeBytes = 8 * Megabyte }, (stream, loop) =>
    {
        SpoolRoom room = stream.Context.Spools;
        using SpoolFile first = room.Open(stream.WorkFolder);
        SpoolFile second = room.Open(stream.WorkFolder);
        Assert.Contains("are taken", Assert.Throws<IOException>(() => room.Open(stream.WorkFolder)).Message, StringComparison.Ordinal);
        second.Dispose();
        room.Open(stream.WorkFolder).Dispose();
        return Task.CompletedTask;
    });

    [Fact]
    public void AFolderInMemoryIsRefused() => Run(Settings, (stream, loop) =>
    {
        Assert.Contains("is in memory", Assert.Throws<IOException>(() => stream.Context.Spools.Open("/dev/shm")).Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public void OutputThatNobodyReadIsCounted() => Run(Settings, async (stream, loop) =>
    {
        stream.CloseReader();
        await stream.WriteAsync(StreamInTest.Bytes(100_000), Sizes(), end: false).WithTimeout(loop);
        await LoopTest.UntilAsync(() => Spool(stream).Kept == 100_000).WithTimeout(loop);
        Assert.Equal(100_000, stream.Copy.Undelivered);
        stream.Copy.Dispose();
        Assert.Equal(0, stream.Copy.Undelivered);
    });

    private static SpooledFifo Spool(StreamInTest stream) => Assert.IsType<SpooledFifo>(stream.Copy.Sink);

    private static Func<int> Sizes()
    {
        Random random = new(42);
        return () => random.Next(1, 20_000);
    }

    private static void Run(ShimSettings settings, Func<StreamInTest, EventLoop, Task> test) => LoopTest.Run(async loop =>
    {
        using StreamInTest stream = new(loop, directory => new SpoolRoom(settings, directory.Make("places")));
        await test(stream, loop);
    });
}
