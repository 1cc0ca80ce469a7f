namespace ShimStack.Ctl.Doctor;

/// <summary>What a check says of a machine, the best first.</summary>
internal enum Verdict
{
    /// <summary>Nothing to do.</summary>
    Ok,

    /// <summary>It works, and something of it does not, or not for long.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failure,
}
