using ShimStack.Drill.Running;

namespace ShimStack.Drill.Steps;

/// <summary>
/// One thing that a drill does: data, which says what it is without being done. Each is followed by a look at all invariants.
/// </summary>
internal interface IStep
{
    /// <summary>As `plan` prints it.</summary>
    string Text { get; }

    Task RunAsync(DrillStage stage, CancellationToken stop);
}
