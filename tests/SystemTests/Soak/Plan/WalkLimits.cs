namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>How far a walk goes.</summary>
internal static class WalkLimits
{
    public const int Containers = 4;

    public const int Execs = 3;

    /// <summary>How many lines may be unread: 4 MiB, a quarter of what a spool holds, so no process may block.</summary>
    public const int UnreadLines = 65536;

    /// <summary>How many short execs there are at once.</summary>
    public const int Burst = 12;

    public const int SIGKILL = 9;

    public const int SIGTERM = 15;

    /// <summary>Those that a worker answers by ending with a code of its own: SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGTERM.</summary>
    public static IReadOnlyList<int> Signals { get; } = [1, 2, 10, 12, 15];

    /// <summary>Where the runtime dies: see <see cref="Crash.SteppingRuntime"/>.</summary>
    public static IReadOnlyList<string> RuntimeSteps { get; } = ["before create", "in hook", "after create"];

    public static IReadOnlyList<int> Lines { get; } = [1, 10, 100, 1000, 10_000, 30_000];
}
