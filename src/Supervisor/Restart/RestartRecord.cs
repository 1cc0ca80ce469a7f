using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Supervisor.Restart;

/// <summary>What a container with a policy is to us. The numbers are on record.</summary>
internal enum RestartState
{
    /// <summary>It has been started, and its policy is asked when it ends.</summary>
    Running = 1,

    /// <summary>It is started again when its time has come.</summary>
    Waiting = 2,

    /// <summary>Nothing is done until somebody starts it, or the machine boots.</summary>
    Ended = 3,
}

/// <summary>What is on record of a container with a policy, from the first time that its task is started.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Container">Its id.</param>
/// <param name="Request">The CreateTaskRequest of the first run.</param>
/// <param name="State">See there.</param>
/// <param name="Count">Restarts since somebody started it.</param>
/// <param name="Delay">The last wait, without jitter.</param>
/// <param name="StartedAt">Of the last run.</param>
internal sealed record RestartRecord(
    string Namespace, string Container, byte[] Request, RestartState State, int Count, TimeSpan Delay, DateTimeOffset StartedAt)
{
    /// <summary>How the last run ended; null while it runs.</summary>
    public uint? ExitStatus { get; init; }

    public Timestamp? ExitedAt { get; init; }

    /// <summary>When it is tried again, by the clock on the wall.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Why the last try failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>What the policy is asked about: a try that failed is a failure like any other.</summary>
    public uint Status => Error is null && ExitStatus is uint status ? status : RestartDecision.UnknownStatus;

    /// <summary>How long the last run lasted.</summary>
    public TimeSpan Ran => Error is null && ExitedAt is Timestamp at ? at.ToDateTimeOffset() - StartedAt : TimeSpan.Zero;
}
