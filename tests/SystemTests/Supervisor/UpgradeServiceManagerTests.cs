using System.Net.Sockets;
using System.Text;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>What a service manager hears of upgrades; see sd_notify(3). It knows the daemon by its pid, and that stays.</summary>
public sealed class UpgradeServiceManagerTests
{
    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: the service manager hears reloading, then ready, each time, and signs of life afterwards")]
    public async Task EachBuildSpeaksToTheServiceManager(string line)
    {
        string folder = Directory.CreateTempSubdirectory("shimstack-notify-").FullName;
        try
        {
            using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
            manager.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "notify")));
            await Stage.RunAsync(line, stage => UpgradeAsync(stage, manager), daemonPrefix: $"NOTIFY_SOCKET={folder}/notify WATCHDOG_USEC=1000000");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task UpgradeAsync(Stage stage, Socket manager)
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        Assert.Equal("READY=1", Next(manager));
        foreach (string build in (string[])[builds.Second, builds.First])
        {
            await builds.UpgradeAsync(build);
            Assert.Equal(("RELOADING=1", "READY=1"), (Next(manager), Next(manager)));
        }

        Assert.Equal("WATCHDOG=1", Receive(manager));
        string environment = await File.ReadAllTextAsync($"/proc/{stage.Daemon.Pid}/environ");
        Assert.Contains("NOTIFY_SOCKET=", environment, StringComparison.Ordinal);
    }

    // What is no sign of life.
    private static string Next(Socket manager)
    {
        while (true)
        {
            string message = Receive(manager);
            if (message != "WATCHDOG=1")
            {
                return message;
            }
        }
    }

    private static string Receive(Socket manager)
    {
        byte[] buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer)).Split('\n')[0];
    }
}
