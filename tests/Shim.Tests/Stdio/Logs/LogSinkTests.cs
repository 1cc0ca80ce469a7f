using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Stdio.Logs;

/// <summary>Streams into log files, through real pipes and files.</summary>
public sealed class LogSinkTests : IDisposable
{
    private const int LongestLine = 110;

    private readonly TemporaryDirectory _directory = new();
    private readonly RememberedLog _log = new();

    private string LogPath => _directory["logs/deep/c1.log"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void BothStreamsAreAppendedToOneFileAndItsDirectoriesAreMade() => Run(async loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        await WriteAsync(context, new LogOptions(), "stdout", "out\n"u8.ToArray());
        await WriteAsync(context, new LogOptions(), "stderr", "no end of line"u8.ToArray());
        Assert.Equal("out\nno end of line", File.ReadAllText(LogPath));
        Assert.Equal(0b110_100_100, Files.Status(LogPath).Mode);
        Assert.Equal(0b111_101_101, Files.Status(Path.GetDirectoryName(LogPath)!).Mode);
    });

    [Fact]
    public void RawBytesAreNotTouched() => Run(async loop =>
    {
        byte[] bytes = StreamInTest.Bytes(3_000_000);
        await WriteAsync(StdioInTest.Context(loop, _log), new LogOptions(), "stdout", bytes);
        Assert.Equal(StreamInTest.Checksum(bytes), StreamInTest.Checksum(File.ReadAllBytes(LogPath)));
    });

    [Theory]
    [InlineData((int)LogFormat.Raw)]
    [InlineData((int)LogFormat.Cri)]
    [InlineData((int)LogFormat.Json)]
    public void UnderLoadEveryLineOfTwoStreamsIsInOneOfTheFilesAndWhole(int format) => Run(async loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        LogOptions options = new((LogFormat)format, MaxSize: 50_000, MaxFiles: 1000);
        string[] lines = [.. Enumerable.Range(0, 20_000).Select(i => $"line {i} {new string('x', i % 97)}")];
        byte[] text = Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n");
        await Task.WhenAll(
            WriteAsync(context, options, "stdout", text),
            format == (int)LogFormat.Raw ? Task.CompletedTask : WriteAsync(context, options, "stderr", text));

        string[] files = [.. Directory.GetFiles(Path.GetDirectoryName(LogPath)!).OrderByDescending(NumberOf)];
        Assert.True(files.Length > 20, $"{files.Length} files");
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 50_000 + LongestLine)); // raw ends the line that has begun
        Assert.All(files, file => Assert.EndsWith("\n", File.ReadAllText(file), StringComparison.Ordinal));
        string[] all = [.. files.SelectMany(File.ReadLines)];
        foreach (string stream in format == (int)LogFormat.Raw ? (string[])[""] : ["stdout", "stderr"])
        {
            string found = string.Join('\n', all.Where(line => line.Contains(stream, StringComparison.Ordinal)).Select(line => Content((LogFormat)format, line)));
            Assert.Equal(StreamInTest.Checksum(text), StreamInTest.Checksum(Encoding.ASCII.GetBytes(found + "\n")));
        }
    });

    [Fact]
    public void AReaderThatHoldsTheFileOpenReadsItToItsEndWhenItIsRotated() => Run(async loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        LogSink sink = LogSink.Open(context, new LogTarget(LogPath, new LogOptions(MaxSize: 10, MaxFiles: 3)), "stdout");
        using StreamReader follower = new(LogPath);
        sink.Write("first\n"u8, out _);
        sink.Write("second\n"u8, out _);
        Assert.Equal("first\n", await follower.ReadToEndAsync());
        Assert.Equal(("second\n", "first\n"), (File.ReadAllText(LogPath), File.ReadAllText(LogPath + ".1")));
        sink.Dispose();
    });

    [Fact]
    public void ALogThatARotatorHasRenamedGoesOnUnderItsNameWhenReopened() => Run(loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        LogSink sink = LogSink.Open(context, new LogTarget(LogPath, new LogOptions()), "stdout");
        sink.Write("before\n"u8, out _);
        File.Move(LogPath, LogPath + ".old");
        sink.Write("renamed\n"u8, out _);
        sink.File.Reopen();
        sink.Write("after\n"u8, out _);
        Assert.Equal(("before\nrenamed\n", "after\n"), (File.ReadAllText(LogPath + ".old"), File.ReadAllText(LogPath)));
        sink.Dispose();
        return Task.CompletedTask;
    });

    [Fact]
    public void AFileThatCannotBeRotatedGrowsOn() => Run(loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        LogSink sink = LogSink.Open(context, new LogTarget(LogPath, new LogOptions(MaxSize: 10, MaxFiles: 2)), "stdout");
        Directory.CreateDirectory(LogPath + ".1/full");
        sink.Write("first\n"u8, out _);
        sink.Write("second\n"u8, out _);
        sink.Write("3\n"u8, out _);
        Assert.Equal("first\nsecond\n3\n", File.ReadAllText(LogPath));
        Assert.Contains("could not be rotated", Assert.Single(_log.Lines), StringComparison.Ordinal);
        sink.Dispose();
        return Task.CompletedTask;
    });

    [Fact]
    public void AFullDiskCostsTheBytesAndAFewLinesOfLogButNotTheStream() => Run(async loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        File.CreateSymbolicLink(_directory["full"], "/dev/full");
        LogSink sink = LogSink.Open(context, new LogTarget(_directory["full"], new LogOptions(LogFormat.Raw)), "stdout");
        await WriteAsync(context, sink, StreamInTest.Bytes(1_000_000));
        Assert.InRange(_log.Lines.Count, 2, 12);
        Assert.Contains("ENOSPC", _log.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1000000 bytes of output for /dev/full", _log.Lines[^1], StringComparison.Ordinal);
    });

    [Fact]
    public void TheLinesAfterAFailureBeginOnALineOfTheirOwn() => Run(loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        LogSink raw = LogSink.Open(context, new LogTarget(LogPath, new LogOptions()), "stdout");
        LogSink cri = LogSink.Open(context, new LogTarget(LogPath, new LogOptions(LogFormat.Cri)), "stdout");
        raw.Write("cut off"u8, out _);
        cri.Write("whole\n"u8, out _);
        string[] lines = File.ReadAllLines(LogPath);
        Assert.Equal("cut off", lines[0]);
        Assert.EndsWith(" stdout F whole", lines[1], StringComparison.Ordinal);
        raw.Dispose();
        cri.Dispose();
        return Task.CompletedTask;
    });

    [Fact]
    public void ALinkNamesTheFileThatIsWrittenAlsoAfterRotation() => Run(loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        Directory.CreateDirectory(_directory["elsewhere"]);
        File.CreateSymbolicLink(_directory["link"], _directory["elsewhere/log"]); // dangling: its target is made
        LogSink sink = LogSink.Open(context, new LogTarget(_directory["link"], new LogOptions(MaxSize: 5, MaxFiles: 2)), "stdout");
        sink.Write("one\n"u8, out _);
        sink.Write("two\n"u8, out _);
        Assert.Equal(("two\n", "one\n"), (File.ReadAllText(_directory["link"]), File.ReadAllText(_directory["elsewhere/log.1"])));
        sink.Dispose();
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData("directory", "EISDIR")]
    [InlineData("nowhere", "a symbolic link to /no/such/directory/log")]
    [InlineData("file/below", "ENOTDIR")]
    [InlineData("fifo", "is no file but a Fifo")]
    public void WhatCannotBeAppendedToIsRefusedByName(string name, string reason) => Run(loop =>
    {
        Directory.CreateDirectory(_directory["directory"]);
        File.CreateSymbolicLink(_directory["nowhere"], "/no/such/directory/log");
        _directory.Write("file", "");
        Files.MakeFifo(_directory["fifo"], 0b110_000_000);
        LogTarget target = new(_directory[name], new LogOptions());
        Exception refusal = Assert.ThrowsAny<Exception>(() => LogSink.Open(StdioInTest.Context(loop, _log), target, "stdout"));
        Assert.True(refusal is SyscallException or RpcException { Code: RpcCode.InvalidArgument }, refusal.ToString());
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_directory[name.Split('/')[0]], refusal.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public void AFileIsClosedWithItsLastStream() => Run(loop =>
    {
        StdioContext context = StdioInTest.Context(loop, _log);
        LogTarget target = new(LogPath, new LogOptions());
        LogSink first = LogSink.Open(context, target, "stdout");
        LogSink second = LogSink.Open(context, target, "stderr");
        Assert.Same(first.File, second.File);
        first.Dispose();
        second.Write("still open\n"u8, out _);
        second.Dispose();
        Assert.Equal("still open\n", File.ReadAllText(LogPath));
        LogSink third = LogSink.Open(context, target, "stdout");
        Assert.NotSame(first.File, third.File);
        third.Dispose();
        return Task.CompletedTask;
    });

    private static void Run(Func<EventLoop, Task> test) => LoopTest.Run(test);

    private Task WriteAsync(StdioContext context, LogOptions options, string stream, byte[] bytes) =>
        WriteAsync(context, LogSink.Open(context, new LogTarget(LogPath, options), stream), bytes);

    // A process that writes as much as its pipe takes, and ends.
    private static async Task WriteAsync(StdioContext context, LogSink sink, byte[] bytes)
    {
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        Files.SetNonBlocking(pipe.WriteEnd, true);
        using StreamCopy copy = new("stdout", context, new CopySource(pipe.ReadEnd, SourceKind.Pipe), sink);
        copy.Start();
        int offset = 0;
        while (offset < bytes.Length)
        {
            IoResult written = Files.Write(pipe.WriteEnd, bytes.AsSpan(offset, Math.Min(5000, bytes.Length - offset)));
            offset += written.IsOk ? written.Count : 0;
            await Task.Yield();
        }

        pipe.WriteEnd.Dispose();
        await copy.Done;
    }

    private static int NumberOf(string path) => int.TryParse(Path.GetExtension(path).TrimStart('.'), out int number) ? number : 0;

    private static string Content(LogFormat format, string line) => format switch
    {
        LogFormat.Cri => line.Split(' ', 4)[3],
        LogFormat.Json => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("log").GetString()!.TrimEnd('\n'),
        _ => line,
    };
}
