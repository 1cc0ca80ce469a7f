using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.FaultTests.Faults;

/// <summary>No room on the disk where bundles are, or where output goes.</summary>
internal static class DiskFaults
{
    private const string Group = "The disk is full";

    public static IEnumerable<Fault> All =>
    [
        new Fault(Group, "where the bundle is, before the shim starts", "start fails and says why, nothing is left", BeforeStartAsync),
        new Fault(
            Group,
            "where the bundle is, before create",
            "create fails and says why, nothing is left",
            BeforeCreateAsync),
        new Fault(
            Group,
            "where the bundle is, before an exec is started",
            "start of the exec fails and says why; the container goes on",
            BeforeExecAsync),
        new Fault(Group, "where the bundle is, when the container ends", "the exit is told as always", AtTheEndAsync),
        new Fault(
            Group,
            "where the output of a container goes (file://)",
            "the container goes on to its end",
            OutputAsync),
        new Fault(
            Group,
            "where output is kept that nobody reads",
            "the container waits, and every byte follows when there is a reader",
            SpoolAsync),
    ];

    private static async Task BeforeStartAsync(FaultStage stage)
    {
        SmallDisk disk = await BundlesAsync(stage);
        stage.Prepare();
        disk.Fill();
        CommandResult start = await stage.Session.Action.StartAsync(default);
        if (start.ExitCode == 0)
        {
            stage.Findings.Add("start succeeds");
        }
        else
        {
            string said = start.Error + System.Text.Encoding.UTF8.GetString(start.Output);
            bool saysWhy = said.Contains("no space left", StringComparison.OrdinalIgnoreCase);
            stage.Findings.Check(saysWhy, $"start does not say why: {Words.Short(said, stage)}");
        }

        await stage.NothingIsLeftAsync();
    }

    private static async Task BeforeCreateAsync(FaultStage stage)
    {
        SmallDisk disk = await BundlesAsync(stage);
        await stage.LaunchAsync();
        disk.Fill();
        await stage.MustFailAsync("Create", stage.Session.CreateAsync(), reason: "no space left");
        disk.Free();
        await stage.TakeDownAsync();
        await stage.EventsAreAsync([]);
        await stage.NothingIsLeftAsync();
    }

    private static async Task BeforeExecAsync(FaultStage stage)
    {
        SmallDisk disk = await BundlesAsync(stage);
        await stage.RunAsync();
        ShimExec exec = await stage.MustAsync("Exec", stage.Session.ExecAsync("e", Subject.HastyExec("e")));
        disk.Fill();
        await stage.MustFailAsync("Start of an exec", exec.StartAsync(), reason: "no space left");
        await stage.MustAsync("Delete of the exec", exec.DeleteAsync());
        await stage.FinishAsync(events: ["create", "start", "added e", "exit", "delete"]);
    }

    private static async Task AtTheEndAsync(FaultStage stage)
    {
        SmallDisk disk = await BundlesAsync(stage);
        await stage.RunAsync();
        disk.Fill();
        await stage.FinishAsync();
    }

    private static async Task OutputAsync(FaultStage stage)
    {
        string logs = Path.Combine(stage.Daemon.Root, "logs");
        SmallDisk disk = await SmallDisk.MountAsync(stage, logs);
        disk.Fill();
        await stage.RunAsync(Subject.Patient(after: Output.Command(100_000)), new SessionOptions { OutputUri = $"file://{logs}/log" });
        await stage.FinishAsync();
    }

    private static async Task SpoolAsync(FaultStage stage)
    {
        const int Lines = 100_000;
        SmallDisk disk = await SmallDisk.MountAsync(stage, Path.Combine(stage.Daemon.Root, "work"));
        await stage.RunAsync(Subject.Patient(after: Output.Command(Lines)));
        stage.Session.Stdio.Output!.Dispose();
        disk.Fill();
        stage.Release();
        await Until.TrueAsync(() => stage.Log.Contains("cannot be kept", StringComparison.Ordinal), TimeSpan.FromSeconds(1));
        using FifoReader reader = new(stage.Session.Stdio.Stdout);
        await stage.ExitsAsync(Subject.Code);
        await stage.MustAsync("the end of the output", reader.End);
        stage.CheckOutput(Lines, reader.Text);
        await stage.FinishAsync();
    }

    private static Task<SmallDisk> BundlesAsync(FaultStage stage) => SmallDisk.MountAsync(stage, Path.Combine(stage.Daemon.Root, "state"));
}
