using System.Text.Json;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Drill;

/// <summary>
/// A daemon in a cgroup with the name of a service, and a systemctl that plays systemd: what the drill asks it, and that it waits for a service which
/// systemd starts by itself. The true one is in tests/SystemTests/VirtualMachines.
/// </summary>
public sealed class LiveUnitTests
{
    [Theory, InlineData("no", "process"), InlineData("always", "process"), InlineData("no", "control-group")]
    public Task AServiceOfSystemdIsStartedByIt(string restart, string kill) => LiveStage.RunAsync(DaemonLine.Newest, async live =>
    {
        FakeSystemd systemd = await FakeSystemd.CreateAsync(live.Stage, restart, kill);
        try
        {
            LiveDrill drill = new(live.Stage.Guard, live.Stage.Directory, LiveStage.Target(live.Stage)) { FirstInPath = systemd.Folder };
            if (kill != "process")
            {
                int pid = await drill.StartAsync("--yes", "sigkill");
                Assert.Equal(64, await drill.EndAsync(pid));
                await drill.SaysAsync($"has KillMode={kill}: with the daemon systemd would end the shims in it");
                return;
            }

            JsonElement report = await drill.RunAsync("--shim", DrillCommand.OwnShim, "sigkill", "sigterm", "--seed", "71");
            Assert.Equal([2, 1], report.GetProperty("scenarios").EnumerateArray().Select(one => one.GetProperty("kills").GetInt32()));
            Assert.NotEqual(live.Stage.Daemon.Pid, live.DaemonPid());
            string[] asked = await File.ReadAllLinesAsync(systemd.Log, TestContext.Current.CancellationToken);
            Assert.Equal(3, asked.Count(line => line == $"reset-failed {systemd.Unit}"));
            Assert.Contains($"start --no-block {systemd.Unit}", asked);
        }
        finally
        {
            await systemd.RemoveAsync();
        }
    });
}
