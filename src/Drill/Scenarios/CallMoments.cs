using ShimStack.Api.Events;
using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Scenarios;

/// <summary>
/// What becomes visible, one after the other, while a daemon, a shim and a runc-like runtime do a call. Contract chapters 1 and 3.
/// </summary>
internal static class CallMoments
{
    private static readonly Sight[] Made =
    [
        Sight.Comes("{bundle}", "the bundle's folder"), Sight.Comes("{bundle}/config.json", "the specification in the bundle"),
        Sight.Comes("{socket}", "the shim's socket"), Sight.Comes("{runtime}", "the runtime's state"),
        Sight.Comes("{bundle}/init.pid", "the runtime's pid file"),
    ];

    /// <summary>Of dockerd's calls, Create makes a record, and all else is Start's.</summary>
    public static IReadOnlyList<Sight> Of(Call call, string target) => (call, target) switch
    {
        (Call.Create, TargetNames.Docker) => [Sight.Sent, Sight.Event(Topics.TaskCreate), Sight.Answer],
        (Call.Start, TargetNames.Docker) =>
        [
            Sight.Sent, .. Made, Sight.Goes("{runtime}/exec.fifo", "the gate of the container"), Sight.Event(Topics.TaskStart), Sight.Answer,
        ],
        (Call.Delete, TargetNames.Docker) => [Sight.Sent, Sight.Event(Topics.TaskDelete), Sight.Answer],
        _ => Of(call),
    };

    private static IReadOnlyList<Sight> Of(Call call) => call switch
    {
        Call.Create =>
        [
            Sight.Sent, .. Made, Sight.Event(Topics.TaskCreate), Sight.Answer,
        ],
        Call.Start => [Sight.Sent, Sight.Goes("{runtime}/exec.fifo", "the gate of the container"), Sight.Event(Topics.TaskStart),
            Sight.Answer],
        Call.Exec => [Sight.Sent, Sight.Event(Topics.TaskExecAdded), Sight.Answer],
        Call.ExecStart => [Sight.Sent, Sight.Comes("{bundle}/{id}.pid", "the runtime's pid file"), Sight.Event(Topics.TaskExecStarted),
            Sight.Answer],
        _ =>
        [
            Sight.Sent, Sight.Goes("{runtime}", "the runtime's state"), Sight.Goes("{socket}", "the shim's socket"),
            Sight.Goes("{bundle}", "the bundle's folder"),
            Sight.Event(Topics.TaskDelete), Sight.Answer,
        ],
    };
}
