using System.Text;
using Google.Protobuf;
using ShimStack.Api.Bootstrap;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Tests;

public class BootstrapAnswerTests
{
    private const string Address = "unix:///run/containerd/s/0123456789abcdef";

    [Fact]
    public void BareAddressMeansVersion2() =>
        Assert.Equal(new BootstrapAnswer(AnswerForm.Raw, 2, Address, "ttrpc"), BootstrapAnswer.Parse(Encoding.UTF8.GetBytes(Address + "\n")));

    [Fact]
    public void JsonIsRead()
    {
        string json = $$"""{"version":3,"address":"{{Address}}","protocol":"ttrpc"}""";
        Assert.Equal(new BootstrapAnswer(AnswerForm.Json, 3, Address, "ttrpc"), BootstrapAnswer.Parse(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void ProtobufIsRead()
    {
        byte[] message = new BootstrapResult { Version = 3, Address = Address, Protocol = "ttrpc" }.ToByteArray();
        Assert.Equal(new BootstrapAnswer(AnswerForm.Protobuf, 3, Address, "ttrpc"), BootstrapAnswer.Parse(message));
    }

    [Fact]
    public void SocketPathIsWhatFollowsTheScheme() =>
        Assert.Equal("/run/containerd/s/0123456789abcdef", new BootstrapAnswer(AnswerForm.Raw, 2, Address, "ttrpc").SocketPath);
}
