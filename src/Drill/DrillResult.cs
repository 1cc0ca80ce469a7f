using ShimStack.Drill.Record;

namespace ShimStack.Drill;

/// <summary>How one scenario went.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Record">All that was done and seen.</param>
/// <param name="Rounds">How many rounds were done to their end.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Failure">Why it could not be done to its end; null if it was.</param>
public sealed record ScenarioResult(string Name, DrillRecord Record, int Rounds, TimeSpan Elapsed, string? Failure)
{
    public bool Holds => Failure is null && Record.Violations.Count == 0;

    /// <summary>How often the daemon was started again.</summary>
    public int Restarts => Record.Daemon.Count(static change => change.State == DaemonState.Down)
        - (Record.Daemon.Count > 0 && Record.DaemonNow == DaemonState.Down ? 1 : 0);

    /// <summary>The longest time that any container stood still which was not paused.</summary>
    public TimeSpan LongestBlock => Record.Subjects
        .SelectMany(static subject =>
            subject.Output.Beats.Gaps.Where(gap => !subject.Pauses.Exists(pause => pause.Meets(gap.From, gap.To))))
        .Select(static gap => gap.Length)
        .DefaultIfEmpty()
        .Max();

    public TimeSpan LongestOutage => Record.Outages.Select(static outage => outage.Length).DefaultIfEmpty().Max();

    public long Bytes => Record.Subjects.Sum(static subject => subject.Output.Bytes + subject.Errors.Bytes);
}

/// <summary>How a drill went.</summary>
public sealed record DrillResult(DrillSettings Settings, DateTimeOffset Begun, IReadOnlyList<ScenarioResult> Scenarios)
{
    public bool Holds => Scenarios.All(static scenario => scenario.Holds);
}

/// <summary>How far a drill is, for whoever shows it.</summary>
/// <param name="Scenario">Which one is under way.</param>
/// <param name="Record">Of it; read under its gate.</param>
/// <param name="Round">Which round.</param>
/// <param name="Step">What is being done.</param>
/// <param name="Elapsed">Since the scenario began.</param>
/// <param name="Done">Scenarios that are over.</param>
public sealed record DrillProgress(string Scenario, DrillRecord Record, int Round, string Step, TimeSpan Elapsed,
    IReadOnlyList<ScenarioResult> Done);
