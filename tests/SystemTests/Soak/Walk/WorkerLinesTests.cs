using System.Text;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>What comes is held against what was written byte by byte: a check that could not fail would say nothing.</summary>
public sealed class WorkerLinesTests
{
    private static readonly byte[] Stream = [.. Enumerable.Range(0, 10).SelectMany(static number => WorkerLines.Line("c1-1", number))];

    [Fact]
    public void ALineIsWhatTheWorkerWrites() => Assert.Equal(
        "c1-1.................... 0000000009 a29a84c2...................\n", Encoding.ASCII.GetString(Stream.AsSpan(9 * WorkerLines.Length)));

    [Fact]
    public void AnyPartOfTheStreamIsRecognized() => Assert.All(
        Enumerable.Range(0, Stream.Length), start => Assert.Equal(-1, WorkerLines.Difference("c1-1", start, Stream.AsSpan(start))));

    [Fact]
    public void ALostByteIsFoundWhereItIsMissing() => Assert.InRange(WorkerLines.Difference("c1-1", 0, [.. Stream[..100], .. Stream[101..]]), 100, 128);

    [Fact]
    public void AByteTwiceIsFound() => Assert.InRange(WorkerLines.Difference("c1-1", 0, [.. Stream[..100], .. Stream[99..]]), 100, 128);

    [Fact]
    public void TheOutputOfAnotherProcessIsFound() => Assert.Equal(3, WorkerLines.Difference("c1-2", 0, Stream));
}
