using System.Text;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

[Collection(OneProcessAtATime.Name)]
public sealed class HelperCommandTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("echo out; echo err >&2; exit 3", true, 3, "out\nerr\n")]
    [InlineData("echo out; echo err >&2", false, 0, "out\n")]
    [InlineData("kill -9 $$", true, 137, "")]
    [InlineData("exec >&- 2>&-; exit 4", true, 4, "")]
    public void StatusAndOutputAreThoseOfTheProgram(string script, bool withErrors, int status, string output)
    {
        CommandResult result = HelperCommand.Run(["/bin/sh", "-c", script], Enough, withErrors);
        Assert.Equal((status, output), (result.Status, Encoding.UTF8.GetString(result.Output)));
    }

    [Fact]
    public void OutputOfAnyLengthIsReadAndABoundedPartKept()
    {
        CommandResult result = HelperCommand.Run(["/bin/sh", "-c", "head -c 3000000 /dev/zero"], Enough, withErrors: false);
        Assert.Equal((0, HelperCommand.MaxOutput), (result.Status, result.Output.Length));
    }

    [Fact]
    public void AProgramThatKeepsThePipeOpenIsNotWaitedFor()
    {
        using var directory = new TemporaryDirectory();
        CommandResult result =
            HelperCommand.Run(["/bin/sh", "-c", $"sleep 1000 & echo $! > {directory["pid"]}; echo done"], Enough, withErrors: true);
        int left = int.Parse(File.ReadAllText(directory["pid"]));
        ProcessSignals.Send(left, (int)Signal.SIGKILL);
        Assert.Equal((0, "done\n"), (result.Status, Encoding.UTF8.GetString(result.Output)));
    }

    [Fact]
    public void WhenItsTimeIsOverTheWholeGroupIsKilled()
    {
        using var directory = new TemporaryDirectory();
        CurrentProcess.BecomeSubreaper();
        CommandResult result = HelperCommand.Run(
            ["/bin/sh", "-c", $"echo begun; sleep 1000 & echo $! > {directory["pid"]}; wait"],
            TimeSpan.FromMilliseconds(300),
            withErrors: true);
        Assert.Equal((null, "begun\n"), (result.Status, Encoding.UTF8.GetString(result.Output)));
        int grandchild = int.Parse(File.ReadAllText(directory["pid"]));
        Assert.Equal(128 + (int)Signal.SIGKILL, ChildProcess.WaitForExit(grandchild, Enough));
    }

    [Fact]
    public void AMissingProgramIsTheSystemsError() =>
        Assert.Equal(
            Errno.ENOENT,
            Assert.Throws<SyscallException>(() => HelperCommand.Run(["/does/not/exist"], Enough, withErrors: true)).Errno);
}
