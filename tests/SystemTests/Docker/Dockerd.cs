using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>
/// A dockerd of a test's own over the stage's containerd: own data, exec root, socket and configuration; its containers live on without it
/// (live-restore). It has no bridge and touches no firewall.
/// </summary>
internal sealed class Dockerd(string line, Stage stage)
{
    private readonly string _directory = Path.Combine(stage.Directory, "docker");

    public string Line => line;

    public string Address => $"unix://{Socket}";

    public string LogFile => Path.Combine(_directory, "dockerd.log");

    /// <summary>Where dockerd tells the runtime to keep its state: contract chapter 9.8.</summary>
    public string RuntimeRoot => Path.Combine(_directory, "exec/runtime-runc");

    /// <summary>Lines for daemon.json.</summary>
    public string Configuration { get; init; } = "";

    public int Pid { get; private set; }

    /// <summary>How it was started, for the shell.</summary>
    public string StartCommand { get; private set; } = "";

    public string Socket => Path.Combine(_directory, "docker.sock");

    /// <summary>Returns when the daemon has its socket; calls that come before it serves wait.</summary>
    public async Task StartAsync()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "tmp"));
        string configuration = Path.Combine(_directory, "daemon.json");
        await File.WriteAllTextAsync(configuration, Json());
        File.Delete(Socket);
        string path = $"{DockerLine.BinDirectory(line)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        StartCommand = $"cd {_directory} && exec env -i PATH={path} TMPDIR={_directory}/tmp LD_LIBRARY_PATH={DockerLine.LibraryDirectory(line)} " +
            $"{DockerLine.Daemon(line)} --config-file {configuration} >>{LogFile} 2>&1";
        Pid = await stage.Guard.StartAsync(StartCommand);
        await Until.TrueAsync(() => File.Exists(Socket) || !ProcessTable.Runs(Pid), "dockerd has its socket");
        Assert.True(ProcessTable.Runs(Pid), "dockerd ended at once: " + await File.ReadAllTextAsync(LogFile));
    }

    /// <summary>SIGKILL; returns when it is reaped.</summary>
    public Task KillAsync() => stage.Guard.EndAsync(Pid, "KILL");

    /// <summary>SIGTERM; returns when it is reaped. Mounts that it leaves for its next start, or left when it was killed, are taken away.</summary>
    public async Task StopAsync()
    {
        await stage.Guard.EndAsync(Pid, "TERM");
        foreach (string mount in Leftovers.MountsBelow(_directory).Reverse())
        {
            (await Command.RunAsync("umount", [mount])).MustSucceed();
        }
    }

    private string Json() =>
        $$"""
        {
          "containerd": "{{stage.Daemon.Address}}",
          "containerd-namespace": "{{stage.Name}}",
          "containerd-plugins-namespace": "{{stage.Name}}-plugins",
          "cgroup-parent": "/{{stage.Name}}",
          "data-root": "{{_directory}}/data",
          "exec-root": "{{_directory}}/exec",
          "pidfile": "{{_directory}}/dockerd.pid",
          "hosts": ["{{Address}}"],
          "live-restore": true,
          "storage-driver": "vfs",
          "bridge": "none",
          "iptables": false,
          "ip6tables": false,
          "userland-proxy": false{{Configuration}}
        }
        """;
}
