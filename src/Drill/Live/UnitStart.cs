using System.Globalization;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Live;

/// <summary>
/// A service of systemd. One with Restart= is started by systemd itself, after its own time: a start that is asked for meanwhile waits for
/// that, so nothing is raced. What counts starts, so that a service which dies too often is left down, is set back each time. See
/// systemd.service(5), systemctl(1) of reset-failed.
/// </summary>
internal sealed class UnitStart : IDaemonStart
{
    // Others end the shims with the daemon, and so every container of the machine. See systemd.kill(5).
    private static readonly string[] Sparing = ["process", "none"];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Systemctl _systemctl;
    private readonly string _unit;

    private UnitStart(Systemctl systemctl, string unit, string text) => (_systemctl, _unit, Text) = (systemctl, unit, text);

    public string Text { get; }

    public string Log => $"that of journalctl -u {_unit}";

    /// <exception cref="DrillException">It is not the main process of a service, or must not be ended.</exception>
    public static async Task<UnitStart> FindAsync(WatchLoop loop, DaemonProcess daemon)
    {
        string cgroup = string.Create(CultureInfo.InvariantCulture, $"/proc/{daemon.Pid}/cgroup");
        string who = string.Create(CultureInfo.InvariantCulture, $"{daemon.Name}, process {daemon.Pid},");
        string unit = SystemdUnit.Of(await File.ReadAllTextAsync(cgroup))
            ?? throw new DrillException($"{who} belongs to no service of systemd ({cgroup}): say with --start-command how it is started again");
        Systemctl systemctl = Systemctl.TryFind() ?? throw new DrillException(
            $"{daemon.Name} is in {unit}, and there is no systemctl in PATH: say with --start-command how it is started again");
        IReadOnlyDictionary<string, string> shown = await systemctl.ShowAsync(loop, unit, "MainPID", "KillMode", "Restart", "RestartUSec");
        if (shown.GetValueOrDefault("MainPID") != daemon.Pid.ToString(CultureInfo.InvariantCulture))
        {
            throw new DrillException(
                $"{who} is not the main process of {unit}, so that does not start it again: say with --start-command what does");
        }

        string kill = shown.GetValueOrDefault("KillMode", "");
        if (!Sparing.Contains(kill))
        {
            throw new DrillException($"{unit} has KillMode={kill}: with the daemon systemd would end the shims in it, and their containers; "
                + "it needs KillMode=process");
        }

        string restart = shown.GetValueOrDefault("Restart", "no");
        string text = restart == "no" ? "" : $" (Restart={restart}, {shown.GetValueOrDefault("RestartUSec")}: systemd does it by itself)";
        return new UnitStart(systemctl, unit, $"systemctl start {unit}{text}");
    }

    public async Task<DaemonProcess> StartAsync(WatchLoop loop, DaemonProcess before)
    {
        await _systemctl.MustAsync(loop, "start", "--no-block", _unit);
        using CancellationTokenSource limit = new(Limit);
        string state = "";
        while (!limit.IsCancellationRequested)
        {
            IReadOnlyDictionary<string, string> now = await _systemctl.ShowAsync(loop, _unit, "MainPID", "ActiveState", "SubState");
            state = $"{now.GetValueOrDefault("ActiveState")} ({now.GetValueOrDefault("SubState")})";
            // Between fork and exec it is still systemd.
            if (int.TryParse(now.GetValueOrDefault("MainPID"), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid != 0
                && DaemonProcess.TryRead(pid) is DaemonProcess process && process.IsSuccessorOf(before))
            {
                return process;
            }

            // systemd tells of it by D-Bus alone.
            await Task.Delay(Pause, CancellationToken.None);
        }

        throw new DrillException($"{_unit} is {state}, and {Limit.TotalSeconds:0} s after its start there is no process with the command line "
            + $"of before: {before.CommandLine}");
    }

    public async Task EndedAsync(WatchLoop loop) => await _systemctl.RunAsync(loop, "reset-failed", _unit);
}
