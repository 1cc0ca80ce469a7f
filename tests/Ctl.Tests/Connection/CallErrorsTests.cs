using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Ctl.Connection;

namespace ShimStack.Ctl.Tests.Connection;

public sealed class CallErrorsTests
{
    [Fact]
    public async Task ASocketThatIsNotThereIsNamedWithTheNextStep() => Assert.Equal(
        "cannot reach the daemon at /no/such.sock: there is no such socket; start shimstackd, or name another one with --address",
        await SentenceAsync("/no/such.sock"));

    [Fact]
    public async Task ASocketWithoutAListenerIsNamedWithTheNextStep()
    {
        string path = Path.Combine(Path.GetTempPath(), $"shimstack-ctl-{Environment.ProcessId}.sock");
        using (System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
        {
            socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
            Assert.Contains("nobody listens; start shimstackd", await SentenceAsync(path), StringComparison.Ordinal);
        }

        File.Delete(path);
    }

    [Fact]
    public void AnAnswerIsTheDaemonsOwnSentence() =>
        Assert.Equal("task c1 is running", CallErrors.Sentence(new RpcException(new Grpc.Core.Status(StatusCode.FailedPrecondition, "task c1 is running")), "/a"));

    private static async Task<string> SentenceAsync(string address)
    {
        using DaemonClient client = new(address, "ns");
        RpcException fault = await Assert.ThrowsAsync<RpcException>(async () => await client.Tasks.ListAsync(new ListTasksRequest()));
        Assert.True(ConnectionLoss.Is(fault));
        return CallErrors.Sentence(fault, address);
    }
}
