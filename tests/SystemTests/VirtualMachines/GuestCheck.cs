using System.Globalization;

namespace ShimStack.SystemTests.VirtualMachines;

/// <summary>One line of a virtual machine's report: what was checked, whether it is so, and what was found.</summary>
internal sealed record GuestCheck(string Name, string Verdict, int Milliseconds, string Found)
{
    public const string Passed = "passed";
    public const string Skipped = "skipped";

    /// <summary>Null for a line that is not a check.</summary>
    public static GuestCheck? Parse(string line) => line.TrimEnd('\r').Split('\t') switch
    {
        ["check", string name, string verdict, string time, string found] =>
            new GuestCheck(name, verdict, int.Parse(time, CultureInfo.InvariantCulture), found.Trim()),
        _ => null,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Verdict,-7} {Name,-22} {Milliseconds,6} ms  {Found}");
}
