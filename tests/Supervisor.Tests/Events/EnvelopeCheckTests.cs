using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Events;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class EnvelopeCheckTests
{
    [Theory]
    [InlineData("", "/a", "event envelope has invalid namespace: identifier must not be empty: invalid argument")]
    [InlineData("n", "", "envelope topic \"\": must not be empty: invalid argument")]
    [InlineData("n", "a/b", "envelope topic \"a/b\": must start with '/': invalid argument")]
    [InlineData("n", "/", "envelope topic \"/\": must have at least one component: invalid argument")]
    [InlineData("n", "/a//b", "envelope topic \"/a//b\": failed validation on component \"\": identifier must not be empty: invalid argument")]
    public void WhatContainerdWouldNotTakeIsRefusedInItsWords(string nameSpace, string topic, string message)
    {
        Envelope envelope = new() { Namespace = nameSpace, Topic = topic, Timestamp = new Timestamp { Seconds = 1 } };
        RpcException refusal = Assert.Throws<RpcException>(() => EnvelopeCheck.Require(envelope));
        Assert.Equal((RpcCode.InvalidArgument, message), (refusal.Code, refusal.Message));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-62135596800L)]
    public void AnEventHasATime(long? seconds)
    {
        Envelope envelope = new() { Namespace = "n", Topic = "/a", Timestamp = seconds is long s ? new Timestamp { Seconds = s } : null };
        RpcException refusal = Assert.Throws<RpcException>(() => EnvelopeCheck.Require(envelope));
        Assert.Equal("timestamp must be set on forwarded event: invalid argument", refusal.Message);
    }

    [Fact]
    public void TheBeginningOf1970IsATime() =>
        EnvelopeCheck.Require(new Envelope { Namespace = "n", Topic = "/a.b/c-d", Timestamp = new Timestamp() });
}
