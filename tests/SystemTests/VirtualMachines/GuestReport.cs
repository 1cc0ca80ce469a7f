namespace ShimStack.SystemTests.VirtualMachines;

/// <summary>What a virtual machine has found out between its start and its end, see Guest/report.sh.</summary>
internal sealed class GuestReport(string machine, string[] report, string[] console)
{
    private const string End = "end";
    private const int ConsoleLines = 30;

    private readonly GuestCheck[] _checks = [.. report.Select(GuestCheck.Parse).OfType<GuestCheck>()];

    /// <summary>Whether the machine came to its first check.</summary>
    public bool HasBegun => _checks.Length > 0;

    /// <summary>Whether the machine came to the end of its checks.</summary>
    public bool IsComplete { get; } = report.Any(line => line.Trim() == End);

    /// <summary>Ends the test as the check of this name has ended in the machine.</summary>
    public void Assert(string name)
    {
        GuestCheck? check = _checks.FirstOrDefault(check => check.Name == name);
        TestContext.Current.TestOutputHelper?.WriteLine(check?.ToString() ?? "");
        Xunit.Assert.SkipWhen(check?.Verdict == GuestCheck.Skipped, check?.Found ?? "");
        if (check?.Verdict != GuestCheck.Passed)
        {
            Xunit.Assert.Fail(check is null ? $"{machine} has not come to {name}:\n{this}" : $"{check}\n{this}");
        }
    }

    /// <summary>All checks in one table; what the daemon complained of; the console's last words when the machine did not get to its end.</summary>
    public override string ToString() => string.Join('\n',
    [
        .. _checks.Select(check => check.ToString()),
        .. report.Where(line => line.StartsWith("log ", StringComparison.Ordinal)),
        .. IsComplete ? [] : console.TakeLast(ConsoleLines).Prepend($"{machine} did not get to its end; its console:"),
    ]);
}
