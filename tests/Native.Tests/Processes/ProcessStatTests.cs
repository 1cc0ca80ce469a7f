using System.Text;
using CsCheck;

namespace ShimStack.NativeTests;

public class ProcessStatTests
{
    private const string Fields = " S 7 1 1 0 -1 4194564 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9\n";

    [Theory]
    [InlineData("1 (sh)")]
    [InlineData("1 (a) R (b) c)")]
    [InlineData("1 ()")]
    [InlineData("1 (a b")]
    public void FieldsAreCountedFromTheLastBracketOfTheName(string start) =>
        Assert.Equal(new ProcessStat('S', 7, 4194564, 4711), ProcessStat.Parse(Encoding.ASCII.GetBytes(start.TrimEnd(')') + ")" + Fields)));

    [Fact]
    public void AProcessThatHasBegunToEndSaysSo()
    {
        Assert.True(new ProcessStat('S', 1, 4194564, 1).IsExiting);
        Assert.False(new ProcessStat('S', 1, 4194560, 1).IsExiting);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no bracket at all")]
    [InlineData("1 (sh)")]
    public void WhatIsNoSuchLineIsNothing(string line) => Assert.Null(ProcessStat.Parse(Encoding.ASCII.GetBytes(line)));

    [Fact]
    public void AnyBytesAreReadWithoutAFault() => Gen.Byte.Array[0, 200].Sample(static bytes => ProcessStat.Parse(bytes));

    [Fact]
    public void OfThisProcessThereIsOneAndOfNoneThereIsNot()
    {
        ProcessStat stat = ProcessStat.TryRead(Environment.ProcessId)!.Value;
        Assert.Equal(CurrentProcess.ParentId, stat.Parent);
        Assert.NotEqual(0u, stat.StartTime);
        Assert.Null(ProcessStat.TryRead(0x3fffffff));
    }
}
