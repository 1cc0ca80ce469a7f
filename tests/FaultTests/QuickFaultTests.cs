namespace ShimStack.FaultTests;

/// <summary>Every fault with our shim, which must do as promised; for the page also with the reference, which is written down.</summary>
public sealed class QuickFaultTests
{
    public static TheoryData<string, string> Rows => FaultTheory.RowsOf(isLong: false);

    [Theory, MemberData(nameof(Rows))]
    public Task IsHandled(string fault, string shim) => FaultTheory.TestAsync(fault, shim);
}
