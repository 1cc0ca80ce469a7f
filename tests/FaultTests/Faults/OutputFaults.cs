using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.FaultTests.Faults;

/// <summary>Nobody reads what a container writes, or somebody holds its output open.</summary>
internal static partial class OutputFaults
{
    private const string Group = "Output";
    private const string Promise = "the container is not held up, and every byte follows in order";
    private const int Lines = 100_000; // 588 895 bytes, nine times what a FIFO holds

    public static IEnumerable<Fault> All =>
    [
        new Fault(Group, "nobody reads it while the container writes 575 KiB and ends", Promise, AwayAsync),
        new Fault(Group, "its reader is stuck while the container writes 575 KiB and ends", Promise, StuckAsync),
        new Fault(
            Group,
            "its reader is replaced four times while the container writes",
            "every byte is read once, in order",
            ReplacedAsync),
        new Fault(
            Group,
            "the daemon is killed while the container writes",
            "the reader gets every byte",
            DaemonDiesAsync),
        new Fault(
            Group,
            "nobody reads it, and there is room for 64 KiB only",
            "the container waits, and every byte follows",
            FullSpoolAsync) { Settings = new Dictionary<string, string> { ["SHIMSTACK_SPOOL_SIZE"] = "64k" } },
        new Fault(
            Group,
            "nobody reads it, there is room for 64 KiB only, and the oldest may be dropped",
            "the container is not held up; what is dropped is counted in the log",
            DroppedAsync)
        {
            Settings = new Dictionary<string, string> { ["SHIMSTACK_SPOOL_SIZE"] = "64k", ["SHIMSTACK_SPOOL_FULL"] = "drop-oldest" },
        },
        new Fault(
            Group,
            "a background child holds it open after the container's end",
            "Delete waits as long as is set (1 s), and no longer",
            HeldOpenAsync) { Settings = ShortDrain },
        new Fault(
            Group,
            "its reader is stuck until Delete",
            "Delete waits as long as is set (1 s); what was not delivered is counted in the log",
            UndeliveredAsync) { Settings = ShortDrain },
    ];

    private static Dictionary<string, string> ShortDrain => new() { ["SHIMSTACK_DRAIN_TIMEOUT"] = "1s" };

    private static BundleSpec Writes => Subject.Patient(after: Output.Command(Lines));

    private static async Task AwayAsync(FaultStage stage)
    {
        await stage.RunAsync(Writes);
        stage.Session.Stdio.Output!.Dispose();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await ReadTheRestAsync(stage, "");
    }

    private static async Task StuckAsync(FaultStage stage)
    {
        await stage.RunAsync(Writes);
        using SafeFileHandle stuck = Occupy(stage);
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await ReadTheRestAsync(stage, "");
    }

    private static async Task ReplacedAsync(FaultStage stage)
    {
        await stage.RunAsync(Writes);
        FifoReader reader = stage.Session.Stdio.Output!;
        string text = "";
        int all = Output.Text(Lines).Length;
        stage.Release();
        for (int i = 1; i <= 4; i++)
        {
            int enough = i * 50_000;
            await Until.TrueAsync(() => text.Length + reader.Text.Length >= enough);
            reader.Dispose();
            text += reader.Text;
            reader = new FifoReader(stage.Session.Stdio.Stdout);
        }

        // A reader that comes when all is delivered meets no writer any more, and so no end.
        await stage.MustAsync("the rest of the output", Until.TrueAsync(() => text.Length + reader.Text.Length >= all));
        reader.Dispose();
        stage.CheckOutput(Lines, text + reader.Text);
        await stage.FinishAsync();
    }

    private static async Task DaemonDiesAsync(FaultStage stage)
    {
        await stage.RunAsync(Writes);
        stage.Release();
        await stage.DaemonDiesAsync();
        await stage.MustAsync("the end of the output", stage.Session.Stdio.Output!.End);
        stage.CheckOutput(Lines, stage.Session.Stdio.Output.Text);
        await stage.DaemonIsBackAsync();
        await stage.FinishAsync(repeats: true);
    }

    private static async Task FullSpoolAsync(FaultStage stage)
    {
        await stage.RunAsync(Writes);
        stage.Session.Stdio.Output!.Dispose();
        stage.Release();
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        await ReadTheRestAsync(stage, "");
    }

    private static async Task DroppedAsync(FaultStage stage)
    {
        await stage.RunAsync(Writes);
        stage.Session.Stdio.Output!.Dispose();
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        using FifoReader reader = new(stage.Session.Stdio.Stdout);
        await stage.MustAsync("the end of the output", reader.End);
        await CountsAsync(stage, DroppedBytes(), reader.Text.Length, "dropped");
        await stage.FinishAsync();
    }

    private static async Task HeldOpenAsync(FaultStage stage)
    {
        await stage.RunAsync(Subject.Patient(before: "echo begun") with { PrivatePidNamespace = true });
        string script = "sleep 1000 & exec /shared/probe end /shared/ended-e 5";
        ShimDriver.Shims.ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", ["sh", "-c", script]));
        await stage.MustAsync("Start of an exec", exec.StartAsync());
        await stage.ExitsAsync(Subject.ExecCode, "e");
        await stage.MustAsync("Delete of the exec", exec.DeleteAsync());
        await stage.FinishAsync(events: ["create", "start", "added e", "started e", "exit e", "exit", "delete"]);
    }

    private static async Task UndeliveredAsync(FaultStage stage)
    {
        await stage.RunAsync(Writes);
        using SafeFileHandle stuck = Occupy(stage);
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await stage.MustAsync("Delete", stage.Session.DeleteAsync());
        await using FileStream reader = new(stuck, FileAccess.Read, bufferSize: 0);
        using MemoryStream read = new();
        await stage.MustAsync("the end of the output", reader.CopyToAsync(read));
        await CountsAsync(stage, UndeliveredBytes(), (int)read.Length, "not delivered");
        await stage.DeleteIsToldAsync();
        await stage.TakeDownAsync();
        await stage.EventsAreAsync(EndChecks.PlainLife);
        await stage.NothingIsLeftAsync();
    }

    // In place of the reader that reads: one that never does.
    private static SafeFileHandle Occupy(FaultStage stage)
    {
        SafeFileHandle stuck = File.OpenHandle(stage.Session.Stdio.Stdout);
        stage.Session.Stdio.Output!.Dispose();
        return stuck;
    }

    private static async Task ReadTheRestAsync(FaultStage stage, string before)
    {
        using FifoReader reader = new(stage.Session.Stdio.Stdout);
        await stage.MustAsync("the end of the output", reader.End);
        stage.CheckOutput(Lines, before + reader.Text);
        await stage.FinishAsync();
    }

    // What was read and what the log counts must be all there was.
    private static async Task CountsAsync(FaultStage stage, Regex pattern, int read, string what)
    {
        long expected = Output.Text(Lines).Length - read;
        long Counted() => pattern.Matches(stage.Log)
            .Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).LastOrDefault();
        await Until.TrueAsync(() => Counted() == expected, TimeSpan.FromSeconds(1));
        stage.Findings.Check(
            Counted() == expected,
            Counted() == 0 ? $"the log does not say how much was {what}" : $"the log counts {Counted()} bytes {what}, not {expected}");
    }

    [GeneratedRegex("([0-9]+) bytes of output that nobody read have been dropped")]
    private static partial Regex DroppedBytes();

    [GeneratedRegex("([0-9]+) bytes of output of .* were not delivered")]
    private static partial Regex UndeliveredBytes();
}
