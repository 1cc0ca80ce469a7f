namespace ShimStack.Compatibility;

/// <summary>What the table says of one feature in one column.</summary>
internal enum Verdict
{
    /// <summary>Nobody has asked.</summary>
    Blank,
    Works,

    /// <summary>It works with our shim; the reference was asked the same in the same run, and it did not.</summary>
    OnlyOurs,

    /// <summary>Neither of the two can do it here.</summary>
    NotApplicable,
    Fails,
}

/// <summary>A cell, with the reason where it does not work.</summary>
internal readonly record struct Cell(Verdict Verdict, string Reason)
{
    /// <summary>
    /// From all tests of a cell. What was skipped with our shim counts as failed unless the reference, which ran in the same place, could not
    /// do it either: a skip must not hide a fault of ours.
    /// </summary>
    public static Cell Of(IReadOnlyCollection<FeatureResult> ours, IReadOnlyCollection<FeatureResult> reference)
    {
        if (ours.Count == 0)
        {
            return reference.Count == 0 ? default : new Cell(Verdict.Fails, "did not run");
        }

        bool referenceWorks = reference.Count > 0 && reference.All(result => result.Outcome == Outcome.Passed);
        if (ours.FirstOrDefault(result => result.Outcome == Outcome.Failed) is FeatureResult failed)
        {
            return new Cell(Verdict.Fails, failed.Reason);
        }

        if (ours.FirstOrDefault(result => result.Outcome == Outcome.Skipped) is FeatureResult skipped)
        {
            return reference.Count == 0 ? new Cell(Verdict.Fails, $"the reference was not asked: {skipped.Reason}")
                : referenceWorks ? new Cell(Verdict.Fails, $"the reference can: {skipped.Reason}")
                : new Cell(Verdict.NotApplicable, skipped.Reason);
        }

        return new Cell(referenceWorks || reference.Count == 0 ? Verdict.Works : Verdict.OnlyOurs, "");
    }
}
