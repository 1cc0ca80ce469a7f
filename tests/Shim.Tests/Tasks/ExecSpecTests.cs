using System.Text;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Tasks;

public class ExecSpecTests
{
    [Theory]
    [InlineData("{}", """{"terminal":true}""")]
    [InlineData("""{"terminal":false,"args":["a", "b"]}""", """{"args":["a", "b"],"terminal":true}""")]
    [InlineData("""{ "user" : {"uid":1, "terminal":false}, "cwd":"/" }""", """{"user":{"uid":1, "terminal":false},"cwd":"/","terminal":true}""")]
    [InlineData("""{"big":12345678901234567890.10,"n":null,"s":"\u00e4 ü"}""", """{"big":12345678901234567890.10,"n":null,"s":"\u00e4 ü","terminal":true}""")]
    public void TheRequestDecidesAboutTheTerminalAndTheRestStays(string spec, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ExecSpec.WithTerminal(Encoding.UTF8.GetBytes(spec), terminal: true).Span));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"args":""")]
    [InlineData("{} {}")]
    [InlineData("""{"\ud800":1}""")]
    public void WhatIsNoObjectIsRefused(string spec)
    {
        RpcException refusal = Assert.Throws<RpcException>(() => ExecSpec.WithTerminal(Encoding.UTF8.GetBytes(spec), terminal: false));
        Assert.Equal(RpcCode.Unknown, refusal.Code);
    }
}
