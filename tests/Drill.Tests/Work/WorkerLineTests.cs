using System.Text;
using ShimStack.Drill.Record;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Tests.Work;

public sealed class WorkerLineTests
{
    // Written by worker.c.
    private const string FromC = "w1..................10000000004 0000041527871832 5b08e0b8......\n";

    [Fact]
    public void ALineIsTheOneThatTheProgramWrites() =>
        Assert.Equal(FromC, Encoding.ASCII.GetString(WorkerLine.Make("w1", 1, 4, 41527871832)));

    [Fact]
    public void TheTimeOfALineIsRead() => Assert.Equal(41527871832, WorkerLine.TryTime(Encoding.ASCII.GetBytes(FromC), "w1", 1, 4));

    [Theory, InlineData("w2", 1, 4), InlineData("w1", 2, 4), InlineData("w1", 1, 5)]
    public void ALineOfAnotherWorkerStreamOrPlaceIsNone(string name, int stream, long number) =>
        Assert.Null(WorkerLine.TryTime(Encoding.ASCII.GetBytes(FromC), name, stream, number));

    [Fact]
    public void EveryByteOfALineCounts()
    {
        for (int i = 0; i < WorkerLine.Length; i++)
        {
            byte[] line = Encoding.ASCII.GetBytes(FromC);
            line[i] ^= 1;
            Assert.Null(WorkerLine.TryTime(line, "w1", 1, 4));
        }
    }

    [Fact]
    public void AStreamIsCheckedHoweverItIsCut()
    {
        StreamRecord stream = new("stdout");
        StreamCheck check = new(stream, "w1", 1);
        byte[] bytes = [.. Enumerable.Range(0, 10).SelectMany(number => WorkerLine.Make("w1", 1, number, 1000 * number))];
        for (int i = 0; i < bytes.Length; i += 7)
        {
            check.Take(bytes.AsSpan(i, Math.Min(7, bytes.Length - i)));
        }

        Assert.Equal((10, 640, null), (stream.Lines, stream.Bytes, stream.Fault));
    }

    [Fact]
    public void AFaultNamesItsPlaceAndWhatCame()
    {
        StreamRecord stream = new("stdout");
        StreamCheck check = new(stream, "w1", 1);
        check.Take(WorkerLine.Make("w1", 1, 0, 1));
        check.Take(WorkerLine.Make("w1", 1, 2, 2));
        Assert.StartsWith("at line 1 (byte 64) came: w1..................10000000002", stream.Fault, StringComparison.Ordinal);
    }
}
