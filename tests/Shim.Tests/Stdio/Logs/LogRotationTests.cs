using System.Text;
using ShimStack.Shim.Stdio.Logs;

namespace ShimStack.Shim.Tests.Stdio.Logs;

public class LogRotationTests
{
    [Theory]
    [InlineData("aaa\nbbb\n", 100, 0, true, 8)]
    [InlineData("aaa\nbbb\n", 8, 0, true, 8)]
    [InlineData("aaa\nbbb\n", 7, 0, true, 4)]
    [InlineData("aaa\nbbb\n", 10, 5, true, 4)]
    [InlineData("aaa\nbbb\n", 10, 8, true, 0)]
    [InlineData("aaa\nbbb\n", 10, 10, true, 0)]
    [InlineData("aaa\nbbb\n", 10, 12, false, 4)] // ends the line that has begun, although the file is full
    [InlineData("aaaaaaaa\nb\n", 3, 0, true, 9)] // a line that is longer than any file
    [InlineData("aaaaaaaa", 3, 0, true, 8)]
    [InlineData("aaaaaaaa", 3, 2, true, 0)]
    public void AFileTakesWholeLines(string bytes, long maxSize, long size, bool atLineStart, int fitting) =>
        Assert.Equal(fitting, LogRotation.Fitting(Encoding.ASCII.GetBytes(bytes), maxSize, size, atLineStart));

    [Fact]
    public void EachFileMovesOnByOneAndTheLastGoes()
    {
        using TemporaryDirectory directory = new();
        string path = directory["log"];
        for (int i = 1; i <= 4; i++)
        {
            File.WriteAllText(path, $"{i}");
            LogRotation.Shift(path, maxFiles: 3);
        }

        Assert.Equal(["log.1", "log.2"], Directory.GetFiles(directory.Path).Select(Path.GetFileName).Order());
        Assert.Equal(("4", "3"), (File.ReadAllText(path + ".1"), File.ReadAllText(path + ".2")));
    }

    [Fact]
    public void OneFileAloneIsBegunAnew()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("log", "old");
        LogRotation.Shift(path, maxFiles: 1);
        Assert.Empty(Directory.GetFiles(directory.Path));
    }
}
