using System.Globalization;
using ShimStack.Api.HandOver;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Tests.Upgrade;

/// <summary>What a build is left, and what it only seems to be left. The tests of this class share the environment, and run one after the other.</summary>
public sealed class LetterFileTests
{
    [Fact]
    public void ALetterIsReadOnceAndTheVariableIsGone()
    {
        Letter letter = new() { Pid = CurrentProcess.Id, Upgrade = "u1", Orphans = { new Orphan { Pid = 7, Status = 3 } } };
        Assert.Equal(letter, TakeAt(LetterFile.Write(letter).Release().ToString(CultureInfo.InvariantCulture)));
        Assert.Null(LetterFile.Take());
    }

    [Fact]
    public void ALetterToAnotherProcessIsNone() =>
        Assert.Null(TakeAt(LetterFile.Write(new Letter { Pid = 1 }).Release().ToString(CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1")]
    [InlineData("999999")]
    public void ANumberThatIsNoneOfOursIsLeftAlone(string text) => Assert.Null(TakeAt(text));

    [Fact]
    public void AnotherFileIsLeftAloneAndOpen()
    {
        using FileDescriptor other = MemoryFile.Create("another", "x"u8);
        Assert.Null(TakeAt(other.Number.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(1, Files.Status(other).Size);
    }

    private static Letter? TakeAt(string text)
    {
        Environment.SetEnvironmentVariable(LetterFile.Variable, text);
        Letter? letter = LetterFile.Take();
        Assert.Null(Environment.GetEnvironmentVariable(LetterFile.Variable));
        return letter;
    }
}
