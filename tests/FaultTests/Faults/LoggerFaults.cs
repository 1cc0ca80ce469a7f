using System.Diagnostics;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Bundles;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Faults;

/// <summary>The program that takes a container's output (binary://) dies or hangs.</summary>
internal static class LoggerFaults
{
    private const string Group = "The logging binary";
    private const string Reads = "cat <&4 >/dev/null & printf x >&5; exec 5>&-; cat <&3 >/dev/null";

    public static IEnumerable<Fault> All =>
    [
        new Fault(Group, "it ends before it is ready", "create fails, nothing is left", stage => NotReadyAsync(stage, "exit 3")),
        new Fault(Group, "it is killed before it is ready", "create fails, nothing is left", stage => NotReadyAsync(stage, "kill -9 $$")),
        new Fault(Group, "it never is ready, and the caller gives up", "create fails in time, nothing is left", NeverReadyAsync),
        new Fault(Group, "it is killed while the container writes", "the container goes on to its end", KilledAsync),
        new Fault(
            Group,
            "it does not end at Delete",
            "Delete ends within 12 s, nothing is left",
            DoesNotEndAsync) { IsLong = true },
    ];

    private static async Task NotReadyAsync(FaultStage stage, string script)
    {
        await stage.LaunchAsync(options: LogsTo(stage, script));
        await stage.MustFailAsync("Create", stage.Session.CreateAsync());
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task NeverReadyAsync(FaultStage stage)
    {
        await stage.LaunchAsync(options: LogsTo(stage, "exec sleep 1000") with { CallTimeout = TimeSpan.FromSeconds(1) });
        await stage.MustFailAsync("Create", stage.Session.CreateAsync());
        await Until.TrueAsync(() => !Loggers(stage).Any());
        await stage.RuntimeEndsAsync();
        await stage.MustAsync("Connection", stage.Session.ConnectAsync());
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task KilledAsync(FaultStage stage)
    {
        BundleSpec writes = Subject.Patient(before: "echo first", after: Output.Command(100_000));
        await stage.RunAsync(writes, LogsTo(stage, Reads));
        foreach (RunningProcess logger in Loggers(stage))
        {
            logger.Signal(9);
            await logger.WaitForEndAsync(FaultStage.Soon);
        }

        await stage.FinishAsync();
    }

    private static async Task DoesNotEndAsync(FaultStage stage)
    {
        await stage.RunAsync(options: LogsTo(stage, $"trap '' TERM; {Reads}; exec sleep 1000"));
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        long start = Stopwatch.GetTimestamp();
        Task delete = stage.Session.DeleteAsync();
        await Task.WhenAny(delete, Task.Delay(TimeSpan.FromSeconds(20)));
        stage.Findings.Check(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(13), "Delete takes longer than 13 s");
        await stage.MustAsync("Delete", delete);
        await stage.DeleteIsToldAsync();
        await stage.TakeDownAsync();
        await stage.EventsAreAsync(EndChecks.PlainLife);
        await stage.NothingIsLeftAsync();
    }

    private static IEnumerable<RunningProcess> Loggers(FaultStage stage) =>
        RunningProcess.Marked(stage.Daemon.Mark).Where(process => IsLogger(stage, process.Pid));

    // The script itself, or what it has become: only a logger has the container's id as a variable.
    private static bool IsLogger(FaultStage stage, int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains($"CONTAINER_ID={stage.Id}", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // ended meanwhile
        }
    }

    private static SessionOptions LogsTo(FaultStage stage, string script)
    {
        string path = Path.Combine(stage.Daemon.Root, "logger");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new SessionOptions { OutputUri = $"binary://{path}" };
    }
}
