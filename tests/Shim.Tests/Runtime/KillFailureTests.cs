using ShimStack.Shim.Runtime;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Runtime;

public class KillFailureTests
{
    [Theory]
    [InlineData("runc: os: process already finished", RpcCode.NotFound, "process already finished")]
    [InlineData("exit status 1: container not running", RpcCode.NotFound, "process already finished")]
    [InlineData("kill: No Such Process", RpcCode.NotFound, "process already finished")]
    [InlineData("container \"a\" does not exist", RpcCode.NotFound, "no such container")]
    [InlineData("container does not exist: no such process", RpcCode.NotFound, "process already finished")]
    [InlineData("error opening file `/run/c/a/status`: No such file or directory", RpcCode.NotFound, "no such container")]
    [InlineData("cannot open directory '/run/c/a': No such file or directory", RpcCode.NotFound, "no such container")]
    [InlineData("fork/exec /bin/crun: No such file or directory", RpcCode.Unknown, "unknown error after kill: fork/exec /bin/crun: No such file or directory")]
    [InlineData("permission refused", RpcCode.Unknown, "unknown error after kill: permission refused")]
    [InlineData("", RpcCode.Unknown, "unknown error after kill: ")]
    public void TheWordsOfARuntimeBecomeACode(string raw, RpcCode code, string message)
    {
        RpcException failure = KillFailure.Explain(raw);
        Assert.Equal(code, failure.Code);
        Assert.Equal(message, failure.Message);
    }
}
