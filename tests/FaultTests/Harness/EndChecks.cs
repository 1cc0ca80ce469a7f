using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;

namespace ShimStack.FaultTests.Harness;

/// <summary>The end of a container, and what must be so after it: the whole list of events, and nothing left on the machine.</summary>
internal static class EndChecks
{
    /// <summary>The events of a life in which nothing else happened.</summary>
    public static readonly string[] PlainLife = ["create", "start", "exit", "delete"];

    private static readonly TimeSpan Vanishing = TimeSpan.FromSeconds(3);

    /// <summary>Releases the container, and follows it to its end and beyond.</summary>
    public static async Task FinishAsync(this FaultStage stage, IReadOnlyList<string>? events = null, bool repeats = false)
    {
        stage.Release();
        await stage.ExitsAsync(Subject.Code);
        await stage.RemoveAsync(Subject.Code, events, repeats);
    }

    /// <summary>Delete, Shutdown, the delete action: as a daemon does with a container that has ended.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="code">The exit code; null: whatever.</param>
    /// <param name="events">All events there should have been.</param>
    /// <param name="repeats">There was an outage: exits may be told several times.</param>
    public static async Task RemoveAsync(this FaultStage stage, uint? code, IReadOnlyList<string>? events = null, bool repeats = false)
    {
        DeleteResponse deleted = await stage.MustAsync("Delete", stage.Session.DeleteAsync());
        if (code is { } expected)
        {
            ExitChecks.CheckExit(stage, "Delete: ", expected, "", deleted.ExitStatus, deleted.ExitedAt, DateTimeOffset.UtcNow);
        }

        await stage.DeleteIsToldAsync();
        await stage.TakeDownAsync();
        await stage.EventsAreAsync(events ?? PlainLife, repeats);
        await stage.NothingIsLeftAsync();
    }

    /// <summary>Shutdown and the delete action of a shim without containers.</summary>
    public static async Task TakeDownAsync(this FaultStage stage)
    {
        await stage.MustAsync("Shutdown", stage.Session.ShutdownAsync());
        await stage.MustAsync("delete action", stage.Session.Action.DeleteAsync(default));
    }

    /// <summary>
    /// Waits for the last event, if it comes: that a shim may end before it is sent is a fault of its own, and not to be met everywhere.
    /// </summary>
    public static Task DeleteIsToldAsync(this FaultStage stage) =>
        Until.TrueAsync(() => stage.Daemon.Events.Events.Any(seen => NameOf(seen) == "delete"), TimeSpan.FromSeconds(1));

    /// <summary>The events of the container must be these, in this order.</summary>
    public static async Task EventsAreAsync(this FaultStage stage, IReadOnlyList<string> expected, bool repeats = false)
    {
        IReadOnlyList<string> Seen() => [.. stage.Daemon.Events.Events.Select(NameOf).Where(name => name.Length > 0)];
        IEnumerable<string> Counted() => repeats ? Seen().Distinct() : Seen();
        if (!await Until.TrueAsync(() => Counted().SequenceEqual(expected), Vanishing))
        {
            stage.Findings.Add($"events: {ListOf(Counted())}; not: {ListOf(expected)}");
        }
    }

    /// <summary>No process, mount, socket, cgroup, state of the runtime or temporary file may be there any more.</summary>
    public static async Task NothingIsLeftAsync(this FaultStage stage)
    {
        await Until.TrueAsync(() => !Leftovers(stage).Any(), Vanishing);
        foreach (string left in Leftovers(stage))
        {
            stage.Findings.Add($"left behind: {left}");
        }
    }

    // What the stage itself has mounted is not the shim's.
    private static IEnumerable<string> Leftovers(FaultStage stage)
    {
        string state = Path.Combine(stage.Daemon.RuntimeRoot, stage.Daemon.Namespace, stage.Id);
        string rootfs = Path.Combine(stage.Session.Bundle.Path, "rootfs");
        return
        [
            .. RunningProcess.Marked(stage.Daemon.Mark).Select(process => $"process {Words.Short(process.CommandLine, stage)}"),
            .. Mounts.Below(stage.Daemon.Root).Except(stage.OwnMounts).Select(_ => "a mount"),
            .. File.Exists(stage.Session.Answer?.SocketPath) ? ["the socket"] : (string[])[],
            .. Cgroups.DirectoriesOf(stage.Session.Bundle.CgroupPath).Take(1).Select(_ => "the cgroup"),
            .. Directory.Exists(state) ? ["the runtime's state"] : (string[])[],
            .. Directory.GetFileSystemEntries(stage.Temporary).Take(1).Select(_ => "a temporary file"),
            .. Directory.Exists(rootfs) && Directory.GetFileSystemEntries(rootfs).Length > 0 ? ["files in the rootfs"] : (string[])[],
        ];
    }

    private static string ListOf(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));

    private static string NameOf(RecordedEvent seen) => seen.Topic switch
    {
        Topics.TaskExecAdded => $"added {seen.As(TaskExecAdded.Parser).ExecId}",
        Topics.TaskExecStarted => $"started {seen.As(TaskExecStarted.Parser).ExecId}",
        Topics.TaskExit when seen.As(TaskExit.Parser) is var exit => exit.Id == exit.ContainerId ? "exit" : $"exit {exit.Id}",
        Topics.TaskDelete when seen.As(TaskDelete.Parser).Id is { Length: > 0 } id && id != seen.As(TaskDelete.Parser).ContainerId => "",
        string topic => topic[(topic.LastIndexOf('/') + 1)..],
    };
}
