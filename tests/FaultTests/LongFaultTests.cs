namespace ShimStack.FaultTests;

/// <summary>Faults that are mostly waiting, beside the others.</summary>
public sealed class LongFaultTests
{
    public static TheoryData<string, string> Rows => FaultTheory.RowsOf(isLong: true);

    [Theory, MemberData(nameof(Rows))]
    public Task IsHandled(string fault, string shim) => FaultTheory.TestAsync(fault, shim);
}
