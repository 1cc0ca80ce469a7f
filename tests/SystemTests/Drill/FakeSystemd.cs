using System.Globalization;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>A cgroup named as a service, with a daemon in it, and a program that answers as systemctl does. With Restart=always it starts a daemon by
/// itself a while after its death, and a start that is asked for does nothing but wait for that.</summary>
internal sealed class FakeSystemd
{
    private readonly string _cgroup;

    private FakeSystemd(Stage stage)
    {
        Unit = $"{stage.Name}.service";
        Folder = Path.Combine(stage.Directory, "systemd");
        _cgroup = Path.Combine(Hierarchy(), Unit);
    }

    public string Unit { get; }

    /// <summary>Where systemctl is.</summary>
    public string Folder { get; }

    /// <summary>What it was asked.</summary>
    public string Log => Path.Combine(Folder, "log");

    public static async Task<FakeSystemd> CreateAsync(Stage stage, string restart, string kill)
    {
        FakeSystemd systemd = new(stage);
        Directory.CreateDirectory(systemd.Folder);
        Directory.CreateDirectory(systemd._cgroup);
        await File.WriteAllTextAsync(Path.Combine(systemd._cgroup, "cgroup.procs"), stage.Daemon.Pid.ToString(CultureInfo.InvariantCulture));
        string start = Path.Combine(systemd.Folder, "start");
        ProgramFile.Write(start, $"#!/bin/sh\necho $$ >{systemd._cgroup}/cgroup.procs\n{stage.Daemon.StartCommand}\n");
        ProgramFile.Write(Path.Combine(systemd.Folder, "systemctl"), systemd.Script(restart, kill));
        return systemd;
    }

    public async Task RemoveAsync()
    {
        string parent = Path.GetDirectoryName(_cgroup)!;
        foreach (string pid in await File.ReadAllLinesAsync(Path.Combine(_cgroup, "cgroup.procs")))
        {
            await File.WriteAllTextAsync(Path.Combine(parent, "cgroup.procs"), pid);
        }

        await Until.TrueAsync(() => File.ReadAllText(Path.Combine(_cgroup, "cgroup.procs")).Length == 0, "the service's cgroup is empty");
        Directory.Delete(_cgroup);
    }

    private static string Hierarchy() => File.ReadLines("/proc/self/mountinfo")
        .Select(line => line.Split(" - ", 2))
        .Where(halves => halves[1].StartsWith("cgroup2 ", StringComparison.Ordinal))
        .Select(halves => halves[0].Split(' ')[4])
        .First();

    private string Script(string restart, string kill) =>
        $$"""
        #!/bin/sh
        echo "$*" >>{{Log}}
        main() {
          for pid in $(cat {{_cgroup}}/cgroup.procs); do
            case $(cat /proc/$pid/comm 2>/dev/null) in containerd|start) echo $pid; return;; esac
          done
          echo 0
        }
        case $1 in
          show) printf 'MainPID=%s\nKillMode={{kill}}\nRestart={{restart}}\nRestartUSec=300ms\nActiveState=active\nSubState=running\n' "$(main)" ;;
          start) [ {{restart}} = always ] || setsid {{Folder}}/start >/dev/null 2>&1 </dev/null & ;;
          reset-failed) [ {{restart}} = no ] || { sleep 0.3; exec setsid {{Folder}}/start; } >/dev/null 2>&1 </dev/null & ;;
          *) echo "what is $1?"; exit 1 ;;
        esac

        """;
}
