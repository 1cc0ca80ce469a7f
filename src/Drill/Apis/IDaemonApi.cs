using ShimStack.Drill.Record;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Apis;

/// <summary>
/// What the drill asks of a target, in the target's own words. An error is an RpcException whatever the protocol: NotFound, AlreadyExists and
/// Unavailable (nobody is there) are told apart, all else is a refusal with its reason.
/// </summary>
internal interface IDaemonApi : IDisposable
{
    /// <summary>Asked once, when the daemon answers for the first time: what containers need and a folder does not give them.</summary>
    Task PrepareAsync(CancellationToken stop);

    /// <summary>Any question that needs nothing but a daemon.</summary>
    Task PingAsync(CancellationToken stop);

    /// <summary>The record of a container, which outlives daemons.</summary>
    Task RegisterAsync(Subject subject);

    /// <returns>The pid; 0 where nothing runs before the start.</returns>
    Task<int> CreateAsync(Subject subject, StreamPaths streams);

    Task AddExecAsync(Subject subject, StreamPaths streams);

    /// <returns>The pid; 0 if it ended before it could be asked for.</returns>
    Task<int> StartAsync(Subject subject);

    Task KillAsync(Subject subject, Signal signal);

    Task PauseAsync(Subject subject);

    Task ResumeAsync(Subject subject);

    Task DeleteAsync(Subject subject);

    Task UnregisterAsync(Subject subject);

    /// <summary>What the daemon knows of it; null if nothing.</summary>
    Task<KnownProcess?> TryGetAsync(Subject subject);

    /// <summary>The first processes of all containers, by the drill's names.</summary>
    Task<IReadOnlyDictionary<string, KnownProcess>> ListAsync(CancellationToken stop);

    /// <summary>Returns when it has ended.</summary>
    /// <param name="subject">Which one.</param>
    /// <param name="isAgain">An earlier call was cut.</param>
    /// <param name="stop">Gives up.</param>
    Task<ToldExit> WaitAsync(Subject subject, bool isAgain, CancellationToken stop);

    /// <summary>Subscribes once, until the daemon ends it.</summary>
    Task FollowAsync(Action<ToldEvent> take, CancellationToken stop);
}

/// <summary>Where a process's output goes: FIFOs of the drill, or URIs.</summary>
internal readonly record struct StreamPaths(string Output, string Errors);

/// <summary>A process as a daemon tells of it.</summary>
/// <param name="Pid">0 if it does not run.</param>
/// <param name="Status">"created", "running", "paused" or "stopped".</param>
internal readonly record struct KnownProcess(int Pid, string Status)
{
    public const string Created = "created";
}

/// <summary>An end as a daemon tells of it.</summary>
internal readonly record struct ToldExit(int Code, DateTimeOffset? At);

/// <summary>An event, of whatever kind.</summary>
/// <param name="Topic">As containerd names it.</param>
/// <param name="Container">The drill's name for it.</param>
/// <param name="Name">Of the container or the exec.</param>
/// <param name="Exit">null if it tells of something else.</param>
/// <param name="Pid">Of which process an exit tells; null where events do not say.</param>
internal sealed record ToldEvent(string Topic, string Container, string Name, ToldExit? Exit = null, int? Pid = null);
