using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Shim.Logging;

namespace ShimStack.Shim.Tests.Logging;

public sealed class LogfmtLoggerTests : IDisposable
{
    private readonly PipePair _pipe = Pipe.Create();
    private readonly LogFifo _fifo;
    private readonly LogfmtLogger _logger;

    public LogfmtLoggerTests()
    {
        Files.SetNonBlocking(_pipe.ReadEnd, true);
        Files.SetNonBlocking(_pipe.WriteEnd, true);
        _fifo = new LogFifo(_pipe.WriteEnd);
        FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        _logger = new LogfmtLogger(_fifo, LogLevel.Information, "c1", "io.test.v2", time);
    }

    public void Dispose() => _pipe.Dispose();

    [Fact]
    public void AnEntryIsOneLineOfKeysAndValues()
    {
        Log(LogLevel.Warning, "plain words");
        Assert.Equal("time=\"2026-01-02T03:04:05.0000000Z\" level=warning msg=\"plain words\" event=Test id=c1 runtime=io.test.v2\n", Written());
    }

    [Fact]
    public void NothingInAMessageBreaksTheLineOrTheQuotes()
    {
        Log(LogLevel.Error, "a \"b\" \\ c\nd\te\u0001");
        string line = Written();
        Assert.Contains("msg=\"a \\\"b\\\" \\\\ c\\nd e \" event=", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void AnExceptionIsPartOfTheLine()
    {
        Log(LogLevel.Critical, "failed", new InvalidDataException("why \"so\""));
        string line = Written();
        Assert.Contains("level=fatal", line, StringComparison.Ordinal);
        Assert.Contains("error=\"System.IO.InvalidDataException: why \\\"so\\\"\"\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsBelowTheLevelIsNotWritten()
    {
        Log(LogLevel.Debug, "quiet");
        Log(LogLevel.Information, "loud");
        Assert.Equal(1, Written().Count(static c => c == '\n'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ALineIsNeverLongerThanAPipeTakesWholeAndHasNoHalfCharacters(int shift)
    {
        Log(LogLevel.Information, new string('x', shift) + string.Concat(Enumerable.Repeat("€", 3000)));
        byte[] line = WrittenBytes();
        Assert.InRange(line.Length, 4090, 4096);
        Assert.Equal((byte)'\n', line[^1]);
        Assert.DoesNotContain("\ufffd", Encoding.UTF8.GetString(line), StringComparison.Ordinal);
    }

    [Fact]
    public void AFullFifoLosesLinesAndCountsThemButNeverBlocks()
    {
        for (int i = 0; i < 2000; i++)
        {
            Log(LogLevel.Information, "a line that is long enough to fill the pipe after some hundred times");
        }

        Assert.InRange(_fifo.Lost, 1, 1999);
        int lines = Written().Count(static c => c == '\n');
        Assert.Equal(2000, lines + _fifo.Lost);
    }

    [Fact]
    public void AFifoWithoutAReaderLosesLinesAndIsNoFailure()
    {
        _pipe.ReadEnd.Dispose();
        Log(LogLevel.Information, "to nobody");
        Assert.Equal(1, _fifo.Lost);
    }

    private void Log(LogLevel level, string message, Exception? exception = null) =>
        _logger.Log(level, new EventId(1, "Test"), message, exception, static (text, _) => text);

    private string Written() => Encoding.UTF8.GetString(WrittenBytes());

    private byte[] WrittenBytes()
    {
        MemoryStream all = new();
        byte[] buffer = new byte[65536];
        for (IoResult read = Files.Read(_pipe.ReadEnd, buffer); read is { IsOk: true, IsEnd: false }; read = Files.Read(_pipe.ReadEnd, buffer))
        {
            all.Write(buffer, 0, read.Count);
        }

        return all.ToArray();
    }
}
