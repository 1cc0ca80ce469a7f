using ShimStack.Ctl.Doctor;

namespace ShimStack.Ctl.Tests.Doctor;

[Collection(nameof(ProgramRun))] // who reaps takes everybody's children
public sealed class ProgramRunTests
{
    [Fact]
    public void AProgramTellsByItsOutputAndItsStatus()
    {
        Assert.Equal(new ProgramRun(3, "out\nerr"), ProgramRun.Of("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"]));
        Assert.Null(ProgramRun.Of("/no/such/program", []));
    }
}
