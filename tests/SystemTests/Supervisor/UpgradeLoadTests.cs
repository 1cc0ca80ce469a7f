using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Ctl;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Upgrades and down-grades, one after the other, under containers that write and clients that call. SHIMSTACK_UPGRADES says how many.</summary>
[Collection(nameof(Alone))]
public sealed class UpgradeLoadTests
{
    private const int Containers = 20;
    private const int Clients = 10;
    private const string Writer = "trap 'exit 42' TERM; i=0; while :; do echo line $i; i=$((i+1)); usleep 20000; done";

    private static readonly int Upgrades = int.Parse(Environment.GetEnvironmentVariable("SHIMSTACK_UPGRADES") ?? "10", CultureInfo.InvariantCulture);

    [Theory, InlineData(DaemonLine.Own), Feature("upgrades and down-grades under 20 busy containers and 10 clients: nothing refused, no event lost, no second copy, same pids")]
    public Task NobodyNotices(string line) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        Container[] containers = await Task.WhenAll(Enumerable.Range(0, Containers).Select(n => Container.RunAsync(stage, $"c{n}", ["/bin/sh", "-c", Writer])));
        int[] shims = [.. stage.Shims().Order()];
        List<double> silences = [];
        int execs;
        await using (UpgradePollers pollers = new(stage))
        {
            pollers.Begin(Clients, Containers);
            using CancellationTokenSource end = new();
            Task<int> lives = ExecsAsync(containers[0], end.Token);
            for (int i = 0; i < Upgrades; i++)
            {
                JsonElement outcome = await builds.UpgradeAsync(i % 2 == 0 ? builds.Second : builds.First);
                silences.Add(outcome.GetProperty("silenceMilliseconds").GetDouble());
            }

            await end.CancelAsync();
            execs = await lives;
            Show(silences, pollers, execs);
            Assert.Empty(pollers.Failures);
        }

        Assert.Equal(shims, stage.Shims().Order());
        Assert.Equal(containers.Select(c => c.Pid), await Task.WhenAll(containers.Select(async c => (int)(await c.StateAsync()).Pid)));
        await Task.WhenAll(containers.Select(EndAsync));
        await CheckJournalAsync(stage, execs);
    }, new StageSettings { Limit = TimeSpan.FromMinutes(15) });

    // One exec after the other, each with its wait, which is taken up again when the daemon changes.
    private static async Task<int> ExecsAsync(Container container, CancellationToken end)
    {
        int count = 0;
        for (; !end.IsCancellationRequested; count++)
        {
            await container.AddExecAsync($"e{count}", "/bin/sh", "-c", "usleep 50000; exit 7");
            await container.StartAsync($"e{count}");
            Assert.Equal(7u, await WaitAsync(container, $"e{count}"));
            Assert.Equal(7u, await container.DeleteExecAsync($"e{count}"));
        }

        return count;
    }

    private static async Task<uint> WaitAsync(Container container, string exec)
    {
        while (true)
        {
            try
            {
                return await container.WaitAsync(exec);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                // The build that was asked lets go: the next one is asked.
            }
        }
    }

    private static async Task EndAsync(Container container)
    {
        await container.KillAsync(15);
        Assert.Equal(42u, await container.WaitAsync());
        string[] lines = (await container.Output!.Completion).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(0, lines.Length).Select(n => $"line {n}"), lines);
        Assert.Equal(42u, await container.DeleteAsync());
    }

    private static async Task CheckJournalAsync(Stage stage, int execs)
    {
        string[] arguments = ["events", "--since", "0", "--no-follow", "--json"];
        string text = (await Command.RunAsync(CtlStage.Program, stage.Ctr.Connected(arguments))).MustSucceed().Output;
        JsonElement[] events = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        ulong[] numbers = [.. events.Select(e => e.GetProperty("sequence").GetUInt64())];
        Assert.Equal(Enumerable.Range(0, numbers.Length).Select(n => numbers[0] + (ulong)n), numbers);
        string[] exits = [.. events.Where(e => e.GetProperty("topic").GetString() == "/tasks/exit").Select(e => e.GetProperty("event").GetProperty("id").GetString()!)];
        string[] expected = [.. Enumerable.Range(0, execs).Select(n => $"e{n}"), .. Enumerable.Range(0, Containers).Select(n => $"c{n}")];
        Assert.Equal(expected.Order(), exits.Order());
    }

    private static void Show(List<double> silences, UpgradePollers pollers, int execs)
    {
        double[] sorted = [.. silences.Order()];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Length} upgrades: no answer for {sorted[sorted.Length / 2]} ms (median), {sorted[(sorted.Length - 1) * 99 / 100]} ms (99 %), {sorted[^1]} ms (longest); "
            + $"{pollers.Calls} calls, the longest {pollers.Longest:0} ms, {pollers.Failures.Count} failed; {execs} execs"));
        foreach (string failure in pollers.Failures)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(failure);
        }
    }
}
