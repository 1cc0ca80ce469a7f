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

    [Theory]
    [InlineData("echo out; exec >/dev/null 2>&1; exec sleep 1000", "out")] // ends its output, and not itself
    [InlineData("echo out; exec sleep 1000", "out")]
    [InlineData("while :; do echo; done", "")] // more than is read
    public void AProgramThatDoesNotEndIsKilledAndReaped(string script, string output) =>
        Assert.Equal(new ProgramRun(128 + 9, output), ProgramRun.Of("/bin/sh", ["-c", script], 1000));
}
