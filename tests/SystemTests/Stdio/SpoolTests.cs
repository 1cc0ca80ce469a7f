using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;
using ShimStack.SystemTests.Soak.Walk;

namespace ShimStack.SystemTests.Stdio;

/// <summary>What happens to output that nobody reads when its spool is full, and when its process is deleted. docs/settings.md.</summary>
public sealed partial class SpoolTests
{
    private const int Megabyte = 1 << 20;
    private const int Lines = 3 * Megabyte / WorkerLines.Length;

    [Fact]
    public Task AFullSpoolBlocksAndLosesNothing() => RunAsync(async writer =>
    {
        await writer.Output.TurnAsync(Reader.Away);
        writer.Worker.Tell('w', Lines);
        await Until.TrueAsync(() => writer.Worker.Written >= Megabyte, "the spool is full");
        await writer.BlocksAsync();
        Assert.InRange(writer.Worker.Written, Megabyte, Megabyte + (Megabyte * 3 / 4)); // the spool, a wide pipe, and what is on its way
        await writer.Output.TurnAsync(Reader.Reads);
        await writer.HasWrittenAsync(Lines);
        await EndAsync(writer);
        await Until.TrueAsync(() => writer.Output.HasEnded, "the end of the output");
        Assert.Equal((null, writer.Worker.Written), (writer.Output.Fault, writer.Output.Position));
    }, "SHIMSTACK_SPOOL_SIZE=1m");

    [Fact]
    public Task AFullSpoolThatDropsCountsWhatItDrops() => RunAsync(async writer =>
    {
        await writer.Output.TurnAsync(Reader.Away);
        writer.Worker.Tell('w', Lines);
        await writer.HasWrittenAsync(Lines);
        writer.Worker.Tell('e', 5);
        Assert.Equal(5u, await writer.Container.WaitAsync());
        byte[] rest = ReadToEnd(writer.Output.Path);
        long dropped = writer.Worker.Written - rest.Length;
        Assert.Equal(-1, WorkerLines.Difference("c1", dropped, rest));
        await writer.Container.DeleteAsync();
        await IsLoggedAsync(writer, Dropped(), dropped);
    }, "SHIMSTACK_SPOOL_SIZE=1m", "SHIMSTACK_SPOOL_FULL=drop-oldest");

    // A reader that holds its end and reads nothing; Delete waits for the last byte as long as the setting says.
    [Fact]
    public Task WhatIsNotDeliveredWhenTheDrainEndsIsCounted() => RunAsync(async writer =>
    {
        await writer.Output.TurnAsync(Reader.Stopped);
        writer.Worker.Tell('w', Lines);
        await writer.HasWrittenAsync(Lines);
        await EndAsync(writer);
        await writer.Output.TurnAsync(Reader.Reads);
        await Until.TrueAsync(() => writer.Output.HasEnded, "the end of the output");
        Assert.Null(writer.Output.Fault);
        await IsLoggedAsync(writer, Undelivered(), writer.Worker.Written - writer.Output.Position);
    }, "SHIMSTACK_DRAIN_TIMEOUT=1s");

    private static Task RunAsync(Func<WritingContainer, Task> test, params string[] settings)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim has no spool and no such settings");
        return WritingContainer.RunAsync(DaemonLine.Newest, test, settings);
    }

    private static async Task EndAsync(WritingContainer writer)
    {
        writer.Worker.Tell('e', 5);
        Assert.Equal(5u, await writer.Container.WaitAsync());
        Assert.Equal(5u, await writer.Container.DeleteAsync());
    }

    private static Task IsLoggedAsync(WritingContainer writer, Regex line, long bytes) => Until.TrueAsync(
        () => line.Matches(File.ReadAllText(writer.Stage.Daemon.LogFile)).LastOrDefault() is Match match
            && long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) == bytes,
        $"{bytes} bytes in the log");

    private static byte[] ReadToEnd(string path)
    {
        using SafeFileHandle end = Fifo.OpenReader(path);
        using MemoryStream all = new();
        byte[] buffer = new byte[65536];
        while (Fifo.Read(end, buffer, -1) is int count and > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    [GeneratedRegex("([0-9]+) bytes of output that nobody read have been dropped")]
    private static partial Regex Dropped();

    [GeneratedRegex("([0-9]+) bytes of output of [^ ]+ were not delivered before it was deleted")]
    private static partial Regex Undelivered();
}
