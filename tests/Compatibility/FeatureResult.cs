namespace ShimStack.Compatibility;

/// <summary>How a test ended.</summary>
internal enum Outcome
{
    Passed,
    Skipped,
    Failed,
}

/// <summary>One run of one test that belongs into the table.</summary>
/// <param name="Feature">The row.</param>
/// <param name="Column">What it ran against.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it was skipped or failed, one line; empty when it passed.</param>
internal sealed record FeatureResult(string Feature, string Column, Outcome Outcome, string Reason);
