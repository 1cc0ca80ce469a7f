using System.Text;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tests.Loop;

namespace ShimStack.Shim.Tests.Stdio;

/// <summary>A process that writes line by line at full speed: its output is looked at from tick to tick.</summary>
public class HurryTests
{
    private static readonly byte[] Line = Encoding.ASCII.GetBytes(new string('x', 79) + "\n");

    [Fact]
    public void AProcessInAHurryIsLookedAtUntilItRests() => Run(async stream =>
    {
        int lines = await HurryAsync(stream);
        await ArrivedAsync(stream, lines);
        await LoopTest.UntilAsync(() => stream.Context.Ticks.Count == 0);
        Files.Write(stream.Process, Line);
        await LoopTest.TurnAsync();
        Assert.Equal((lines + 1) * Line.Length, Pipe.BytesReadable(stream.Reader.Descriptor));
    });

    [Fact]
    public void EachLineOfAProcessThatTakesItsTimeIsAnEdge() => Run(async stream =>
    {
        for (int i = 1; i <= 100; i++)
        {
            Files.Write(stream.Process, Line);
            await LoopTest.TurnAsync();
            Assert.Equal(i * Line.Length, Pipe.BytesReadable(stream.Reader.Descriptor));
            await Task.Delay(TimeSpan.FromMilliseconds(1), stream.Loop.Timers);
        }

        Assert.Equal(0, stream.Context.Ticks.Count);
    });

    [Fact]
    public void ItsEndIsSeenAndItsLastLineArrives() => Run(async stream =>
    {
        int lines = await HurryAsync(stream);
        Files.Write(stream.Process, "the last"u8);
        stream.EndProcess();
        string text = Encoding.ASCII.GetString(await stream.ReadAsync());
        Assert.Equal((lines * Line.Length) + 8, text.Length);
        Assert.EndsWith("\nthe last", text, StringComparison.Ordinal);
        Assert.Equal(0, stream.Context.Ticks.Count);
    });

    [Fact]
    public void DeletingItStopsTheTicks() => Run(async stream =>
    {
        await HurryAsync(stream);
        stream.Copy.Dispose();
        Assert.Equal(0, stream.Context.Ticks.Count);
    });

    [Fact]
    public void ItIsPutDownAndPickedUpWithAllItsLines() => Run(async stream =>
    {
        int lines = await HurryAsync(stream);
        Files.Write(stream.Process, Line);
        Inheritance left = new();
        StreamRecord record = stream.Copy.PutDown(left)!;
        left.LetGo();
        Assert.Equal(0, stream.Context.Ticks.Count);
        using StreamCopy again = StreamCopy.PickUp(stream.Context, record);
        again.Start();
        Assert.Equal(0, stream.Context.Ticks.Count);
        Files.Write(stream.Process, Line);
        await ArrivedAsync(stream, lines + 2);
    });

    [Fact]
    public void AReaderThatDoesNotReadStopsTheTicksAndGoesOnLater() => Run(async stream =>
    {
        int lines = await HurryAsync(stream);
        byte[] sent = StreamInTest.Bytes(3_000_000);
        Task writing = stream.WriteAsync(sent, static () => 5000);
        await LoopTest.UntilAsync(() => stream.Context.Ticks.Count == 0);
        Assert.False(writing.IsCompleted);
        byte[] received = await stream.ReadAsync();
        await writing;
        Assert.Equal(StreamInTest.Checksum(sent), StreamInTest.Checksum(received.AsSpan(lines * Line.Length)));
    });

    // Writes line by line, each an edge of its own, until the stream is looked at; returns how many lines it took.
    private static async Task<int> HurryAsync(StreamInTest stream)
    {
        int lines = 0;
        for (; lines < 700 && stream.Context.Ticks.Count == 0; lines++) // a FIFO holds 816
        {
            Files.Write(stream.Process, Line);
            await Task.Yield();
        }

        Assert.Equal(1, stream.Context.Ticks.Count);
        return lines;
    }

    private static Task ArrivedAsync(StreamInTest stream, int lines) =>
        LoopTest.UntilAsync(() => Pipe.BytesReadable(stream.Reader.Descriptor) == lines * Line.Length);

    private static void Run(Func<StreamInTest, Task> test) => LoopTest.Run(async loop =>
    {
        using StreamInTest stream = new(loop);
        await test(stream);
    });
}
