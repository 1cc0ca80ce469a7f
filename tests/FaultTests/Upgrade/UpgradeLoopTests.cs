using System.Diagnostics;
using System.Globalization;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.FaultTests.Harness;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Upgrade;

/// <summary>
/// One busy shim is upgraded again and again, while its container writes, execs come and go, and clients ask: no byte, no exit and no descriptor is
/// lost. SHIMSTACK_UPGRADES says how often.
/// </summary>
public class UpgradeLoopTests
{
    private const string Counting = "i=0; while [ ! -e /shared/stop ]; do i=$((i+1)); echo line $i; done; echo last $i";
    private static readonly int Upgrades = int.Parse(Environment.GetEnvironmentVariable("SHIMSTACK_UPGRADES") ?? "30", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task ABusyShimLosesNothing() => UpgradeStage.RunAsync(async stage =>
    {
        Task<WaitResponse> init = stage.Session.Tasks.WaitAsync(new WaitRequest { Id = stage.Fault.Id }, Cancellation);
        await stage.UpgradeAsync(stage.Builds.Second);
        await stage.UpgradeAsync(ShimBuilds.First);
        (int descriptors, ProcessMemory memory) = (stage.Descriptors().Length, ProcessMemory.Of(stage.Pid));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> execs = ExecsAsync(stage, end.Token);
        Task<List<double>> asking = AskAsync(stage, end.Token);

        List<double> pauses = [];
        List<double> calls = [];
        for (int i = 0; i < Upgrades; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            UpgradeResponse upgrade = await stage.UpgradeAsync(i % 2 == 0 ? stage.Builds.Second : ShimBuilds.First);
            calls.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            pauses.Add(upgrade.Upgrade.PauseUs / 1000.0);
        }

        await end.CancelAsync();
        int ended = await execs;
        List<double> answers = await asking;
        await File.WriteAllTextAsync(Path.Combine(stage.Fault.Shared, "stop"), "", Cancellation);
        await stage.Session.Stdio.Output!.WaitForTextAsync(static text => text.Contains("last ", StringComparison.Ordinal), FaultStage.Soon * 4);
        int lines = CheckLines(stage.Session.Stdio.Output.Text);
        Assert.False(init.IsCompleted);
        (int descriptorsAfter, ProcessMemory after) = (stage.Descriptors().Length, ProcessMemory.Of(stage.Pid));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Upgrades} upgrades: nothing moved {Text(pauses)}; the call took {Text(calls)}; State answered {Text(answers)} of {answers.Count}; "
            + $"{lines} lines, {ended} execs; RssAnon {memory.RssAnon / 1024} KiB, then {after.RssAnon / 1024} KiB; descriptors {descriptors}, then {descriptorsAfter}");
        Assert.InRange(descriptorsAfter, descriptors - 1, descriptors + 2); // the connection to the daemon and a clock come and go
        Assert.True(after.RssAnon < memory.RssAnon * 1.5 + 512 * 1024, $"RssAnon {memory.RssAnon} became {after.RssAnon}");
        Assert.True(ended > 0 && lines > 0);
        stage.Fault.Release();
        Assert.Equal(Subject.Code, (await init.WaitAsync(FaultStage.Soon, Cancellation)).ExitStatus);
        stage.Events = ["create", "start", .. Enumerable.Range(0, ended).SelectMany(static i => (string[])[$"added e{i}", $"started e{i}", $"exit e{i}"]), "exit", "delete"];
    }, Subject.Patient(before: Counting));

    // Each line follows the one before.
    private static int CheckLines(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length - 1; i++)
        {
            Assert.Equal($"line {i + 1}", lines[i]);
        }

        Assert.Equal($"last {lines.Length - 1}", lines[^1]);
        return lines.Length - 1;
    }

    private static async Task<int> ExecsAsync(UpgradeStage stage, CancellationToken end)
    {
        int count = 0;
        for (; !end.IsCancellationRequested; count++)
        {
            ShimExec exec = await stage.Session.ExecAsync($"e{count}", ["sh", "-c", $"echo {count}; exit {count % 100}"], Cancellation);
            await exec.StartAsync(Cancellation);
            Assert.Equal((uint)count % 100, (await exec.WaitAsync(Cancellation)).ExitStatus);
            await exec.WaitForExitEventAsync(FaultStage.Soon, Cancellation);
            await exec.Stdio.Output!.WaitForTextAsync(text => text == $"{count}\n", FaultStage.Soon);
            await exec.DeleteAsync(Cancellation);
        }

        return count;
    }

    private static async Task<List<double>> AskAsync(UpgradeStage stage, CancellationToken end)
    {
        List<double> times = [];
        while (!end.IsCancellationRequested)
        {
            long begun = Stopwatch.GetTimestamp();
            await stage.Session.Tasks.StateAsync(new StateRequest { Id = stage.Fault.Id }, Cancellation);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return times;
    }

    private static string Text(List<double> milliseconds)
    {
        List<double> sorted = [.. milliseconds.Order()];
        double At(double part) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * part)];
        return string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):0.0} p99 {At(0.99):0.0} max {sorted[^1]:0.0} ms");
    }
}
