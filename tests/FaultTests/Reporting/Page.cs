namespace ShimStack.FaultTests.Reporting;

/// <summary>docs/reliability.md.</summary>
internal static class Page
{
    public static int Write(string outcomes, string page, string machine)
    {
        File.WriteAllText(page, machine + Outcomes.Read(outcomes).Count);
        return 0;
    }
}
