using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>shimctl inspect: what daemon, shim and kernel say of one container.</summary>
public sealed class InspectTests
{
    private const string Busy = "while :; do usleep 10000; done";

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl inspect: daemon's, shim's and kernel's view agree")]
    public Task AllThreeAgree(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync(Busy);
        JsonElement all = await InspectAsync(stage, id);
        JsonElement daemon = all.GetProperty("daemon"), shim = all.GetProperty("shim"), process = all.GetProperty("kernel").GetProperty("process");
        int pid = daemon.GetProperty("pid").GetInt32();
        Assert.Equal((pid, pid), (shim.GetProperty("pid").GetInt32(), process.GetProperty("pid").GetInt32()));
        Assert.Equal((stage.Daemon.Pid, shim.GetProperty("shimPid").GetInt32()), (daemon.GetProperty("daemonPid").GetInt32(), process.GetProperty("parent").GetInt32()));
        Assert.True(process.GetProperty("descriptors").GetInt32() > 0 && process.GetProperty("cgroupMemoryBytes").GetInt64() > 0);
        Assert.Empty(all.GetProperty("differences").EnumerateArray());
        string table = (await stage.CallAsync("inspect", id)).MustSucceed().Output;
        Assert.Matches($"(?m)^pid +{pid} +{pid} +{pid}$", table);
        Assert.Matches("(?m)^state +running +running +running \\([RSD]\\)$", table);
        (await stage.CallAsync("stop", "--timeout", "0", id)).MustSucceed();
        Assert.Matches("(?m)^exit status +137 +137 +-$", (await stage.CallAsync("inspect", id)).MustSucceed().Output);
        (await stage.CallAsync("rm", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl inspect: a difference is marked")]
    public Task ADifferenceIsMarked(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync(Busy);
        string cgroup = (await InspectAsync(stage, id)).GetProperty("kernel").GetProperty("process").GetProperty("cgroup").GetString()!;
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/freezer" + cgroup), "containers are frozen in version 1 here");
        await FreezeAsync("FROZEN");
        Assert.Equal("state", Assert.Single((await InspectAsync(stage, id)).GetProperty("differences").EnumerateArray()).GetString());
        Assert.Matches("(?m)^state +running +running +paused \\(.\\) +differs$", (await stage.CallAsync("inspect", id)).MustSucceed().Output);
        await FreezeAsync("THAWED");
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();

        Task FreezeAsync(string state) => File.WriteAllTextAsync($"/sys/fs/cgroup/freezer{cgroup}/freezer.state", state);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl inspect: what cannot be seen says why")]
    public Task WhatIsNotSeenSaysWhy(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync(Busy);
        CommandResult elsewhere = await Command.RunAsync("unshare", ["--pid", "--fork", CtlStage.Program, .. stage.Connected("inspect", "--json", id)]);
        JsonElement all = JsonDocument.Parse(elsewhere.MustSucceed().Output).RootElement;
        Assert.All((string[])["shim", "kernel"], view =>
            Assert.Contains("another machine or pid namespace", all.GetProperty(view).GetProperty("notSeen").GetString(), StringComparison.Ordinal));
        Assert.Equal("running", all.GetProperty("daemon").GetProperty("state").GetString());
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl inspect: the reference shim says what it has")]
    public Task TheReferenceShimSaysWhatItHas(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync(Busy, "--runtime", Path.Combine(DaemonLine.BinDirectory(DaemonLine.Newest), "containerd-shim-runc-v2"));
        JsonElement all = await InspectAsync(stage, id);
        JsonElement shim = all.GetProperty("shim");
        Assert.Equal(("running", all.GetProperty("daemon").GetProperty("pid").GetInt32()), (shim.GetProperty("state").GetString(), shim.GetProperty("pid").GetInt32()));
        Assert.False(shim.TryGetProperty("uptimeMs", out _));
        Assert.Empty(all.GetProperty("differences").EnumerateArray());
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });

    private static async Task<JsonElement> InspectAsync(CtlStage stage, string id) =>
        JsonDocument.Parse((await stage.CallAsync("inspect", "--json", id)).MustSucceed().Output).RootElement;
}
