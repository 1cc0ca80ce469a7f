using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Logs;

namespace ShimStack.Ctl.Tests.Logs;

public sealed class LogTests
{
    [Fact]
    public void ALineIsWhatAContainerWrote() => Assert.Equal(
        new LogLine("a \"b\"\n", "stderr", "2026-01-01T00:00:00Z"),
        LogPrinter.Parse("""{"log":"a \"b\"\n","stream":"stderr","time":"2026-01-01T00:00:00Z"}"""u8));

    [Fact]
    public void WhatIsNoLineIsShown() =>
        Assert.Contains("no JSON: {oops", Assert.Throws<CtlException>(() => LogPrinter.Parse("{oops"u8)).Message, StringComparison.Ordinal);

    [Fact]
    public void TheUriIsOfAnyPath() => Assert.Equal("file:///a%20b/c%3F.log?format=json&max-size=10m&max-files=5", LogLocation.Uri("/a b/c?.log"));

    [Fact]
    public void OfAContainerNothingIsLeft()
    {
        string folder = Directory.CreateTempSubdirectory("shimstack-ctl-").FullName;
        string file = LogLocation.Prepare(folder, "ns", "c1");
        foreach (string path in (string[])[file, file + ".1", file + ".4"])
        {
            File.WriteAllText(path, "");
        }

        Assert.Equal([file + ".4", file + ".1", file], LogLocation.Existing(file));
        LogLocation.Remove(file);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }
}
