using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Ctl;

/// <summary>shimctl top.</summary>
public sealed class TopTests
{
    [Theory, InlineData(DaemonLine.Own), Feature("shimctl top: how busy containers are")]
    public Task TheBusyOneComesFirst(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string calm = await stage.StartScriptAsync("while :; do sleep 1; done"), busy = await stage.StartScriptAsync("while :; do :; done", "--cpus", "0.5");
        JsonElement[] rows = [.. JsonDocument.Parse((await stage.CallAsync("top", "--json")).MustSucceed().Output).RootElement.EnumerateArray()];
        Assert.Equal([busy, calm], rows.Select(row => row.GetProperty("id").GetString()));
        Assert.InRange(rows[0].GetProperty("cpuPercent").GetDouble(), 5, 70);
        Assert.Matches($"^ID +STATE +CPU[^\n]+\n{calm} +running +[0-9.]+ %[^\n]+\n$", (await stage.CallAsync("top", "--once", calm)).MustSucceed().Output);
        (await stage.CallAsync("rm", "-f", calm, busy)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl top on a terminal, also while the daemon is away")]
    public Task ATerminalIsDrawnOnUntilAKeyEndsIt(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("while :; do usleep 10000; done");
        using TerminalClient top = stage.BeginOnTerminal("top");
        await top.UntilShownAsync(id);
        await top.UntilShownAsync("q ends; 1 in namespace");
        await stage.Daemon.KillAsync();
        await top.UntilShownAsync("q ends; the daemon has been away for");
        await stage.Daemon.StartAsync();
        top.Forget();
        await top.UntilShownAsync("q ends; 1 in namespace");
        await top.TypeAsync("q");
        Assert.Equal(0, await top.EndAsync());
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });
}
