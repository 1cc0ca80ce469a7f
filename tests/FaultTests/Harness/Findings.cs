namespace ShimStack.FaultTests.Harness;

/// <summary>
/// What a shim did that it should not have done, in words for the page. Checks do not throw: a fault may show several things, and the
/// reference shim is to be described, not judged at its first mistake.
/// </summary>
internal sealed class Findings
{
    private readonly List<string> _all = [];

    /// <summary>In the order in which they were seen, each once.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Something was late: a busy machine may be the cause, and another try will tell.</summary>
    public bool AreOfTime { get; private set; }

    public void Add(string finding) => Add(finding, isOfTime: false);

    /// <summary>Something was too late, if only by a little.</summary>
    public void AddLate(string finding) => Add(finding, isOfTime: true);

    /// <summary>Adds the finding unless the condition holds, and tells whether it does.</summary>
    public bool Check(bool condition, string finding)
    {
        if (!condition)
        {
            Add(finding);
        }

        return condition;
    }

    private void Add(string finding, bool isOfTime)
    {
        if (!_all.Contains(finding))
        {
            _all.Add(finding);
            AreOfTime |= isOfTime;
        }
    }
}

/// <summary>The scenario cannot go on after what was found.</summary>
internal sealed class DeadEndException(string finding) : Exception(finding);
