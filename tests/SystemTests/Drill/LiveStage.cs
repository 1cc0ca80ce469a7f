using System.Globalization;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>A daemon that stands for the machine's own, and a container of somebody else's under it, to which nothing may happen.</summary>
internal sealed class LiveStage
{
    private const string Foreign = "foreign";

    private readonly Stage _stage;
    private readonly string _commandLine;
    private readonly int _foreign;
    private readonly long _foreignStart;

    private LiveStage(Stage stage, int foreign)
    {
        _stage = stage;
        _commandLine = ProcessTable.CommandLine(stage.Daemon.Pid);
        (_foreign, _foreignStart) = (foreign, ProcessTable.StartTime(foreign));
        Drill = new LiveDrill(stage.Guard, stage.Directory, Target(stage));
    }

    public Stage Stage => _stage;

    public LiveDrill Drill { get; init; }

    /// <summary>How it is started, for the drill.</summary>
    public string[] StartCommand => ["--start-command", _stage.Daemon.StartCommand];

    /// <summary>The options that name the daemon.</summary>
    public static string[] Target(Stage stage) =>
        ["--target", stage.Daemon.Line == DaemonLine.Own ? "shimstack" : "containerd", "--address", stage.Daemon.Address];

    public static Task RunAsync(string line, Func<LiveStage, Task> test) => Stage.RunAsync(line, async stage =>
    {
        DrillCommand.Require();
        (await stage.Ctr.RunAsync(stage.Ctr.RunArguments(Foreign, ["/bin/sleep", "1000"], ["--detach"]))).MustSucceed();
        LiveStage live = new(stage, (int)(await stage.Client.Tasks.GetAsync(new() { ContainerId = Foreign })).Process.Pid);
        await test(live);
        await live.AssertUntouchedAsync();
        await live.GiveBackAsync();
    });

    /// <summary>The daemon's pid now.</summary>
    public int DaemonPid() => Assert.Single(_stage.Guard.Pids(), pid => ProcessTable.CommandLine(pid) == _commandLine);

    /// <summary>A daemon that answers, by the same words, and nothing of a drill.</summary>
    public async Task AssertUntouchedAsync()
    {
        Assert.Equal(_foreignStart, ProcessTable.StartTime(_foreign));
        Assert.NotEqual(0, _foreignStart);
        Assert.True(ProcessTable.Runs(DaemonPid()));
        Assert.Equal(_foreign, (int)(await _stage.Client.Tasks.GetAsync(new() { ContainerId = Foreign })).Process.Pid);
        string[] namespaces = (await _stage.Ctr.RunAsync("namespaces", "list", "--quiet")).MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([_stage.Namespace], namespaces);
        string[] bundles = Directory.GetDirectories(Path.Combine(_stage.Daemon.State, "io.containerd.runtime.v2.task"));
        Assert.Equal([_stage.Namespace], bundles.Where(folder => Directory.GetFileSystemEntries(folder).Length > 0).Select(Path.GetFileName));
        Assert.Equal([], _stage.Guard.Processes().Where(line => line.Contains("shimstack-drill-", StringComparison.Ordinal)));
        AssertNoTrace();
    }

    /// <summary>No folder, mount or cgroup of a drill that has this daemon.</summary>
    private void AssertNoTrace()
    {
        if (!File.Exists(Path.Combine(_stage.Directory, "drill.err")))
        {
            return;
        }

        Assert.Equal([], Directory.GetDirectories("/tmp", "shimstack-drill-*").Where(folder => IsOurs(Path.GetFileName(folder))));
    }

    // Others may run a drill at the same time: the daemon's log tells which namespaces were in this one.
    private bool IsOurs(string name) => File.ReadAllText(_stage.Daemon.LogFile).Contains(name, StringComparison.Ordinal);

    // What the drill started is not the shell's of the guard, which waits for what it started itself.
    private async Task GiveBackAsync()
    {
        (await _stage.Ctr.RunAsync("tasks", "kill", "--signal", "SIGKILL", Foreign)).MustSucceed();
        (await _stage.Ctr.RunAsync("tasks", "delete", "--force", Foreign)).MustSucceed();
        (await _stage.Ctr.RunAsync("containers", "delete", Foreign)).MustSucceed();
        int pid = DaemonPid();
        if (pid == _stage.Daemon.Pid)
        {
            return;
        }

        using System.Diagnostics.Process kill = Command.Start("kill", [pid.ToString(CultureInfo.InvariantCulture)]);
        await Until.TrueAsync(() => !ProcessTable.Runs(pid), "the daemon ends");
        await _stage.Daemon.StartAsync();
    }
}
