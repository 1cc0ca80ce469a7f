using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Ttrpc.Wire;

namespace ShimStack.Ttrpc.Tests;

public sealed class DeadlineTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Theory]
    [InlineData("Wait")]
    [InlineData("Stubborn")]
    public async Task ACallThatTakesTooLongIsAnsweredEvenIfItsHandlerDoesNotReact(string method)
    {
        await using ServerFixture fixture = new(new TtrpcServerOptions { TimeProvider = _time });
        await SendAsync(fixture, 1, method, TimeSpan.FromSeconds(5));
        ServerCallContext context = await fixture.Server.StartedAsync();
        Assert.Equal(_time.GetUtcNow().AddSeconds(5), context.Deadline);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(context.Cancellation.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.DeadlineExceeded, "context deadline exceeded");
        Assert.True(context.Cancellation.IsCancellationRequested);
        Assert.Empty(fixture.Connection.OpenCalls);
    }

    [Fact]
    public async Task WhatAHandlerReturnsAfterItsDeadlineIsDropped()
    {
        await using ServerFixture fixture = new(new TtrpcServerOptions { TimeProvider = _time });
        await SendAsync(fixture, 1, "Stubborn", TimeSpan.FromSeconds(5));
        await fixture.Server.StartedAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.DeadlineExceeded, "context deadline exceeded");
        fixture.Server.Answer("", "late");
        await fixture.Peer.RequestAsync(3, "Echo", RawPeer.Text("next"));
        await fixture.Peer.ExpectTextAsync(3, "next");
        fixture.Connection.Abort();
        await fixture.Connection.Completion.WithTimeout();
    }

    [Fact]
    public async Task AnAnsweredCallLeavesNoTimerBehind()
    {
        await using ServerFixture fixture = new(new TtrpcServerOptions { TimeProvider = _time });
        await SendAsync(fixture, 1, "Wait", TimeSpan.FromSeconds(5));
        ServerCallContext context = await fixture.Server.StartedAsync();
        fixture.Server.Answer("", "done");
        await fixture.Peer.ExpectTextAsync(1, "done");
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.False(context.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task ADeadlineBeyondWhatATimerCanCountIsKept()
    {
        await using ServerFixture fixture = new(new TtrpcServerOptions { TimeProvider = _time });
        await SendAsync(fixture, 1, "Wait", TimeSpan.FromDays(60));
        ServerCallContext context = await fixture.Server.StartedAsync();
        _time.Advance(TimeSpan.FromDays(59));
        Assert.False(context.Cancellation.IsCancellationRequested);
        _time.Advance(TimeSpan.FromDays(1));
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.DeadlineExceeded, "context deadline exceeded");
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1L)]
    [InlineData(100, 1L)]
    [InlineData(101, 2L)]
    [InlineData(5_000_000_000, 50_000_000L)]
    [InlineData(-5_000, -50L)]
    public void NanosecondsAreRoundedUpToTicks(long nanoseconds, long? ticks) =>
        Assert.Equal(ticks, (RpcTimeout.ToDeadline(nanoseconds, DateTimeOffset.UnixEpoch) - DateTimeOffset.UnixEpoch)?.Ticks);

    [Fact]
    public void TimesThatCannotBeToldAreCut()
    {
        Assert.Equal(DateTimeOffset.MaxValue, RpcTimeout.ToDeadline(long.MaxValue, DateTimeOffset.MaxValue.AddDays(-1)));
        Assert.Equal(long.MaxValue, RpcTimeout.ToNanoseconds(TimeSpan.MaxValue));
        Assert.Equal(1_500_000_000, RpcTimeout.ToNanoseconds(TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public async Task ATimeoutThatHasPassedIsAnsweredAtOnce()
    {
        await using ServerFixture fixture = new(new TtrpcServerOptions { TimeProvider = _time });
        await SendAsync(fixture, 1, "Wait", TimeSpan.FromTicks(-1));
        await fixture.Peer.ExpectErrorAsync(1, RpcCode.DeadlineExceeded, "context deadline exceeded");
    }

    private static Task SendAsync(ServerFixture fixture, uint streamId, string method, TimeSpan timeout)
    {
        Request request = RawPeer.Request(method);
        request.TimeoutNano = RpcTimeout.ToNanoseconds(timeout);
        return fixture.Peer.WriteAsync(Frame.Encode(streamId, FrameType.Request, FrameFlags.None, request.ToByteArray()));
    }
}
