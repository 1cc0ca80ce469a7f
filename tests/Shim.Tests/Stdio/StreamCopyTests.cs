using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Terminals;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tests.Loop;

namespace ShimStack.Shim.Tests.Stdio;

public class StreamCopyTests
{
    [Theory]
    [InlineData("lines", 400_000)]
    [InlineData("pages", 4_000_000)]
    [InlineData("bulk", 16_000_000)]
    [InlineData("random", 4_000_000)]
    public void EveryByteArrivesOnceAndInOrder(string sizes, int total) => Run(async stream =>
    {
        byte[] sent = StreamInTest.Bytes(total);
        Task writing = stream.WriteAsync(sent, SizesOf(sizes));
        byte[] received = await stream.ReadAsync();
        await writing;
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(received));
        await stream.Copy.Done;
    });

    [Theory]
    [InlineData("lines")]
    [InlineData("bulk")]
    [InlineData("random")]
    public void ASlowReaderMissesNothing(string sizes) => Run(async stream =>
    {
        byte[] sent = StreamInTest.Bytes(700_000);
        Task writing = stream.WriteAsync(sent, SizesOf(sizes));
        byte[] received = await stream.ReadAsync(chunk: 997);
        await writing;
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(received));
    });

    // Without a spool: some of them are in our hands, some in the process's pipe.
    [Fact]
    public void WhatNobodyHasTakenIsCounted() => Run(async stream =>
    {
        stream.CloseReader();
        await stream.WriteAsync(StreamInTest.Bytes(50_000), SizesOf("bulk"), end: false);
        await LoopTest.TurnAsync();
        Assert.Equal(50_000, stream.Copy.Undelivered);
    });

    [Fact]
    public void BytesAreUnderWayUntilTheirReaderHasThem() => Run(async stream =>
    {
        Assert.False(stream.Copy.IsUnderWay);
        await stream.WriteAsync(StreamInTest.Bytes(5_000), SizesOf("bulk"));
        Assert.True(stream.Copy.IsUnderWay);
        await LoopTest.TurnAsync();
        Assert.True(stream.Copy.IsUnderWay); // in the FIFO now
        await stream.ReadAsync();
        Assert.False(stream.Copy.IsUnderWay);
    });

    [Fact]
    public void NothingIsUnderWayToAReaderWhoIsAway() => Run(async stream =>
    {
        stream.CloseReader();
        await stream.WriteAsync(StreamInTest.Bytes(5_000), SizesOf("bulk"), end: false);
        await LoopTest.TurnAsync();
        Assert.False(stream.Copy.IsUnderWay);
    });

    [Fact]
    public void WhatIsReadToTheEndIsNotCounted() => Run(async stream =>
    {
        Task writing = stream.WriteAsync(StreamInTest.Bytes(100_000), SizesOf("lines"));
        await stream.ReadAsync();
        await writing;
        await stream.Copy.Done;
        Assert.Equal(0, stream.Copy.Undelivered);
    });

    [Theory]
    [InlineData("lines")]
    [InlineData("bulk")]
    [InlineData("random")]
    public void AReaderThatGoesAwayAndComesBackMissesNothing(string sizes) => Run(async stream =>
    {
        byte[] sent = StreamInTest.Bytes(1_500_000);
        Task writing = stream.WriteAsync(sent, SizesOf(sizes));
        MemoryStream received = new();
        for (int visit = 0; visit < 20; visit++)
        {
            received.Write(await stream.ReadAsync(atMost: 50_001));
            stream.CloseReader();
            await LoopTest.TurnAsync();
            stream.ReopenReader();
        }

        received.Write(await stream.ReadAsync());
        await writing;
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(received.ToArray()));
    });

    [Fact]
    public void AnEndWithTheReaderAwayLosesNothing() => Run(async stream =>
    {
        byte[] sent = StreamInTest.Bytes(30_000);
        await stream.WriteAsync(sent.AsMemory(0, 10_000), static () => 100, end: false);
        await LoopTest.UntilAsync(() => Pipe.BytesReadable(stream.Reader.Descriptor) == 10_000);
        stream.CloseReader();
        await stream.WriteAsync(sent.AsMemory(10_000), static () => 100);
        await LoopTest.UntilAsync(() => stream.Copy.AwaitsReader);

        stream.ReopenReader();
        byte[] received = await stream.ReadAsync();
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(received));
    });

    [Fact]
    public void BytesOfAnEndedStreamAreThereForTheNextReaderWhenTheFirstIsKilled() => Run(async stream =>
    {
        await stream.WriteAsync("unread"u8.ToArray(), static () => 6);
        await stream.Copy.Done;
        stream.CloseReader();
        await LoopTest.UntilAsync(() => stream.Copy.AwaitsReader);
        stream.ReopenReader();
        Assert.Equal("unread", Encoding.ASCII.GetString(await stream.ReadAsync()));
    });

    [Fact]
    public void AReaderThatHasReadEverythingSeesTheEnd() => Run(async stream =>
    {
        await stream.WriteAsync("text"u8.ToArray(), static () => 4);
        Assert.Equal("text", Encoding.ASCII.GetString(await stream.ReadAsync()));
        await LoopTest.UntilAsync(() => stream.Copy.Sink is null);
    });

    [Fact]
    public void LinesMergeInAFifoThatNobodyReads() => Run(async stream =>
    {
        byte[] line = Encoding.ASCII.GetBytes(new string('x', 79) + "\n");
        for (int i = 1; i <= 816; i++)
        {
            Files.Write(stream.Process, line);
            await LoopTest.UntilAsync(() => Pipe.BytesReadable(stream.Reader.Descriptor) == i * line.Length);
        }
    });

    [Fact]
    public void AFullFifoHoldsTheProcessAndLosesNothing() => Run(async stream =>
    {
        byte[] sent = StreamInTest.Bytes(1_600_000); // more than two wide pipes
        Task writing = stream.WriteAsync(sent, static () => 5000);
        await LoopTest.TurnAsync();
        await LoopTest.TurnAsync();
        Assert.False(writing.IsCompleted);
        byte[] received = await stream.ReadAsync();
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(received));
        await writing;
    });

    [Fact]
    public void DeletingEndsAStreamWhateverIsOnItsWay() => Run(async stream =>
    {
        Task writing = stream.WriteAsync(StreamInTest.Bytes(60_000), static () => 5000, end: false);
        await LoopTest.TurnAsync();
        stream.Copy.Dispose();
        await stream.Copy.Done;
        stream.Copy.Dispose();
        byte[] received = await stream.ReadAsync();
        Assert.Equal(StreamInTest.Checksum(StreamInTest.Bytes(60_000).AsSpan(0, received.Length)), StreamInTest.Checksum(received));
        await writing;
    });

    [Theory]
    [InlineData(10)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public void AFileTakesEverythingAtItsEnd(int total) => Run(async stream =>
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("out", "before");
        byte[] sent = StreamInTest.Bytes(total);
        await MoveAsync(stream, sent, ClientStreams.OpenOutput(path));
        byte[] written = File.ReadAllBytes(path);
        Assert.Equal("before", Encoding.ASCII.GetString(written, 0, 6));
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(written.AsSpan(6)));
    });

    [Fact]
    public void WhatTheRuntimeSaysBeforeTheStartStaysInThePipe() => Run(async stream =>
    {
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        CopySource source = new(pipe.ReadEnd, SourceKind.Pipe);
        using StreamCopy copy = new("stdout", stream.Context, source, ClientStreams.OpenOutput(stream.FifoPath));
        Files.Write(pipe.WriteEnd, "runc"u8);
        await LoopTest.TurnAsync();
        Assert.Equal(0, Pipe.BytesReadable(stream.Reader.Descriptor));
        copy.Start();
        Assert.Equal(4, Pipe.BytesReadable(stream.Reader.Descriptor));
        pipe.WriteEnd.Dispose();
    });

    [Fact]
    public void DevNullAndNoSinkTakeEverything() => Run(async stream =>
    {
        await MoveAsync(stream, StreamInTest.Bytes(500_000), ClientStreams.OpenOutput("/dev/null"));
        await MoveAsync(stream, StreamInTest.Bytes(500_000), null);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(4096)]
    [InlineData(50_000)]
    public void ARegularFileAsInputEndsWithIt(int total) => Run(async stream =>
    {
        using TemporaryDirectory directory = new();
        byte[] content = StreamInTest.Bytes(total);
        File.WriteAllBytes(directory["in"], content);
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.WriteEnd, true);
        (CopySource source, FileDescriptor? holder) = ClientStreams.OpenInput(directory["in"]);
        Assert.Null(holder);
        using StreamCopy input = new("stdout", stream.Context, source, new CopySink(pipe.WriteEnd, SinkKind.Process));
        input.Start();
        await input.Done;
        byte[] buffer = new byte[total + 1];
        IoResult read = Files.Read(pipe.ReadEnd, buffer);
        Assert.Equal(StreamInTest.Checksum(content), StreamInTest.Checksum(buffer.AsSpan(0, read.Count)));
        pipe.ReadEnd.Dispose();
    });

    [Fact]
    public void InputEndsWhenTheHolderAndTheClientAreClosed() => Run(async stream =>
    {
        using TemporaryDirectory directory = new();
        Files.MakeFifo(directory["in"], 0b110_000_000);
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.WriteEnd, true);
        Files.SetNonBlocking(pipe.ReadEnd, true);
        (CopySource source, FileDescriptor? holder) = ClientStreams.OpenInput(directory["in"]);
        using StreamCopy input = new("stdout", stream.Context, source, new CopySink(pipe.WriteEnd, SinkKind.Process));
        input.Start();
        foreach (string word in (string[])["first", "second"])
        {
            using FileDescriptor client = Files.Open(directory["in"], OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
            Files.Write(client, Encoding.ASCII.GetBytes(word));
        }

        await LoopTest.UntilAsync(() => Pipe.BytesReadable(pipe.ReadEnd) == 11);
        await LoopTest.TurnAsync();
        Assert.False(input.Done.IsCompleted);
        holder!.Dispose();
        await input.Done;
        byte[] buffer = new byte[100];
        Assert.Equal("firstsecond", Encoding.ASCII.GetString(buffer, 0, Files.Read(pipe.ReadEnd, buffer).Count));
        Assert.True(Files.Read(pipe.ReadEnd, buffer).IsEnd);
        pipe.ReadEnd.Dispose();
    });

    [Fact]
    public void AProcessThatReadsNoMoreEndsItsInput() => Run(async stream =>
    {
        using TemporaryDirectory directory = new();
        Files.MakeFifo(directory["in"], 0b110_000_000);
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.WriteEnd, true);
        (CopySource source, FileDescriptor? holder) = ClientStreams.OpenInput(directory["in"]);
        using StreamCopy input = new("stdout", stream.Context, source, new CopySink(pipe.WriteEnd, SinkKind.Process));
        input.Start();
        pipe.ReadEnd.Dispose();
        Files.Write(holder!, "to nobody"u8);
        await input.Done;
        holder!.Dispose();
    });

    [Theory]
    [InlineData(20)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void TheOutputOfATerminalIsReadToItsEnd(int total) => Run(async stream =>
    {
        PseudoTerminalPair pair = Terminal.OpenPair();
        Terminal.SetRaw(pair.Slave);
        Files.SetNonBlocking(pair.Master, true);
        Files.SetNonBlocking(pair.Slave, true);
        using StreamCopy output = new("stdout", stream.Context, new CopySource(pair.Master, SourceKind.Terminal), ClientStreams.OpenOutput(stream.FifoPath));
        output.Start();
        byte[] sent = StreamInTest.Bytes(total);
        Task<byte[]> reading = stream.ReadAsync(atMost: total);
        int offset = 0;
        while (offset < total)
        {
            IoResult written = Files.Write(pair.Slave, sent.AsSpan(offset));
            offset += written.IsOk ? written.Count : 0;
            await Task.Yield();
        }

        pair.Slave.Dispose();
        await LoopTest.TurnAsync();
        Assert.False(output.Done.IsCompleted); // another process may open the terminal again
        output.ProcessEnded();
        await output.Done;
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(await reading));
    });

    [Fact]
    public void TwoStreamsToOneFifoBothComeBackWithTheirReader() => Run(async stream =>
    {
        PipePair second = Pipe.Create();
        Files.SetNonBlocking(second.ReadEnd, true);
        using StreamCopy other = new("stdout", stream.Context, new CopySource(second.ReadEnd, SourceKind.Pipe), ClientStreams.OpenOutput(stream.FifoPath));
        other.Start();
        stream.CloseReader();
        Files.Write(stream.Process, "aaaa"u8);
        Files.Write(second.WriteEnd, "bbbb"u8);
        await LoopTest.UntilAsync(() => stream.Copy.AwaitsReader && other.AwaitsReader);
        stream.ReopenReader();
        string text = Encoding.ASCII.GetString(await stream.ReadAsync(atMost: 8));
        Assert.Contains("aaaa", text, StringComparison.Ordinal);
        Assert.Contains("bbbb", text, StringComparison.Ordinal);
        second.WriteEnd.Dispose();
    });

    private static async Task MoveAsync(StreamInTest stream, byte[] bytes, CopySink? sink)
    {
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        Files.SetNonBlocking(pipe.WriteEnd, true);
        using StreamCopy copy = new("stdout", stream.Context, new CopySource(pipe.ReadEnd, SourceKind.Pipe), sink);
        copy.Start();
        int offset = 0;
        while (offset < bytes.Length)
        {
            IoResult written = Files.Write(pipe.WriteEnd, bytes.AsSpan(offset));
            offset += written.IsOk ? written.Count : 0;
            await Task.Yield();
        }

        pipe.WriteEnd.Dispose();
        await copy.Done;
    }

    private static Func<int> SizesOf(string sizes)
    {
        Random random = new(42);
        return sizes switch
        {
            "lines" => static () => 80,
            "pages" => static () => 4096,
            "bulk" => static () => 1 << 20,
            _ => () => random.Next(1, 20_000),
        };
    }

    private static void Run(Func<StreamInTest, Task> test) => LoopTest.Run(async loop =>
    {
        using StreamInTest stream = new(loop);
        await test(stream);
    });
}
