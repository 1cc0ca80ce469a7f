using System.Globalization;
using System.Text.Json.Nodes;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Api.Types;
using ShimStack.Ctl.Output;
using Spectre.Console;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Ctl.Containers;

/// <summary>A container and what runs in it, as a list shows them.</summary>
internal readonly record struct ContainerLine(Container Container, Process? Task)
{
    /// <summary>What the daemon does when it ends; null if it does nothing.</summary>
    public RestartInfo? Restart { get; init; }

    public bool IsRestarting => Restart is { State: RestartInfo.Types.State.Waiting };

    /// <summary>"created", "running", "paused", "stopped"; "empty" if it has no task; "unknown" while the daemon waits for its shim; "restarting" between two runs.</summary>
    public string State => IsRestarting ? "restarting" : Task is null ? "empty" : Task.Status.ToString().ToLowerInvariant();

    public uint? ExitCode => Task is { Status: Status.Stopped } ? Task.ExitStatus : null;

    /// <summary>Of its end, if it has ended, else of its making.</summary>
    public DateTimeOffset? Since => JsonText.Known(ExitCode is null ? Container.CreatedAt : Task?.ExitedAt);

    public IEnumerable<string> Command => Json.TryUnpack(Container.Spec)?["process"]?["args"] is JsonArray arguments
        ? arguments.Select(argument => argument?.GetValue<string>() ?? "")
        : [];

    /// <summary>As its specification asks for it.</summary>
    public string? Cgroup => Json.TryUnpack(Container.Spec)?["linux"]?["cgroupsPath"]?.GetValue<string>();

    public Color Colour => IsRestarting ? Color.Yellow : Task?.Status switch
    {
        Status.Running => Color.Green,
        Status.Paused or Status.Pausing or Status.Unknown => Color.Yellow,
        Status.Stopped when Task.ExitStatus != 0 => Color.Red,
        _ => Color.Default,
    };

    public string Pid => Task is { Pid: > 0, Status: not Status.Stopped } task ? task.Pid.ToString(CultureInfo.InvariantCulture) : "-";
}
