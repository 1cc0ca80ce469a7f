using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>shimctl doctor on this machine, with a daemon of the test's own.</summary>
public sealed class DoctorTests
{
    [Theory, InlineData(DaemonLine.Own), Feature("shimctl doctor: a machine that works, and what is left on it")]
    public Task AMachineIsChecked(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("while :; do usleep 10000; done");
        Dictionary<string, JsonElement> found = await CheckAsync(stage, 0);
        Assert.All(
            (string[])["kernel", "pidfd", "cgroups", "runtimes", "shim", "daemon", "socket", "folders", "database", "left: shims", "left: bundles", "left: mounts"],
            name => Assert.Equal("ok", found[name].GetProperty("verdict").GetString()));
        string bundle = Path.Combine(stage.Daemon.State, "io.containerd.runtime.v2.task", stage.Namespace, "nobodys");
        Directory.CreateDirectory(bundle);
        JsonElement left = (await CheckAsync(stage, 0))["left: bundles"];
        Assert.Equal("warning", left.GetProperty("verdict").GetString());
        Assert.Contains("nobodys", left.GetProperty("found").GetString(), StringComparison.Ordinal);
        Directory.Delete(bundle);
        File.SetUnixFileMode(stage.Daemon.Address, (UnixFileMode)0x1b6);
        JsonElement socket = (await CheckAsync(stage, 1))["socket"];
        Assert.Equal(("failure", $"chmod o= {stage.Daemon.Address}"), (socket.GetProperty("verdict").GetString(), socket.GetProperty("advice").GetString()));
        File.SetUnixFileMode(stage.Daemon.Address, (UnixFileMode)0x180);
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl doctor: no daemon")]
    public async Task ADaemonThatIsAwayIsAFailure(string line)
    {
        DaemonLine.Require(line);
        DaemonLine.RequireProgram(CtlStage.Program, "shimctl");
        CommandResult result = await Command.RunAsync(CtlStage.Program, ["--address", "/no/such", "doctor"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("(?m)^failure +daemon +cannot reach the daemon at /no/such: there is no such socket\n +-> start shimstackd, or name another one with --address$", result.Output);
        Assert.Matches("(?m)^[0-9]+ checks: [0-9]+ ok, [0-9]+ warnings?, [0-9]+ failures$", result.Output);
    }

    private static async Task<Dictionary<string, JsonElement>> CheckAsync(CtlStage stage, int exitCode)
    {
        CommandResult result = await stage.CallAsync("doctor", "--json");
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Error));
        return JsonDocument.Parse(result.Output).RootElement.EnumerateArray().ToDictionary(finding => finding.GetProperty("check").GetString()!);
    }
}
