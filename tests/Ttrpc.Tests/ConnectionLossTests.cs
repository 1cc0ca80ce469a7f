namespace ShimStack.Ttrpc.Tests;

public sealed class ConnectionLossTests
{
    [Fact]
    public async Task WhenThePeerGoesHandlersAreToldAndAwaited()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("told"));
        await fixture.Peer.RequestAsync(3, "Stubborn", RawPeer.Text("awaited"));
        ServerCallContext told = await fixture.Server.StartedAsync();
        ServerCallContext awaited = await fixture.Server.StartedAsync();
        fixture.Disconnect();
        await Cancelled(told).WithTimeout();
        await Cancelled(awaited).WithTimeout();
        Assert.False(fixture.Connection.Completion.IsCompleted);
        fixture.Server.Answer("awaited", "late");
        await fixture.Connection.Completion.WithTimeout();
        Assert.True(fixture.Stream.IsDisposed);
    }

    [Fact]
    public async Task AnAbortedConnectionIsClosedForThePeer()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("a"));
        ServerCallContext context = await fixture.Server.StartedAsync();
        fixture.Connection.Abort();
        await fixture.Connection.Completion.WithTimeout();
        Assert.True(context.Cancellation.IsCancellationRequested);
        Assert.True(await fixture.Peer.IsAtEndAsync());
    }

    [Fact]
    public async Task AConnectionThatEndsInTheMiddleOfAFrameJustEnds()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.WriteAsync(Frame.Encode(1, FrameType.Request, FrameFlags.None, new byte[100])[..50]);
        fixture.Disconnect();
        await fixture.Connection.Completion.WithTimeout();
    }

    [Fact]
    public async Task ACallbackThatFailsDoesNotKeepOthersFromBeingTold()
    {
        await using ServerFixture fixture = new();
        await fixture.Peer.RequestAsync(1, "Wait", RawPeer.Text("a"));
        await fixture.Peer.RequestAsync(3, "Wait", RawPeer.Text("b"));
        ServerCallContext first = await fixture.Server.StartedAsync();
        ServerCallContext second = await fixture.Server.StartedAsync();
        first.Cancellation.Register(() => throw new InvalidOperationException("a bad callback"));
        fixture.Disconnect();
        await Cancelled(second).WithTimeout();
        await fixture.Connection.Completion.WithTimeout();
    }

    [Fact]
    public async Task FlushEndsWhenTheAnswersAreWritten()
    {
        await using ServerFixture fixture = new(capacity: 20);
        await fixture.Peer.RequestAsync(1, "Echo", RawPeer.Text(new string('x', 200)));
        await fixture.Server.StartedAsync();
        await Waiting.UntilAsync(() => fixture.Connection.QueuedLength > 0);
        Task flushed = fixture.Connection.FlushAsync(CancellationToken.None).AsTask();
        Assert.False(flushed.IsCompleted);
        await fixture.Peer.ExpectTextAsync(1, new string('x', 200));
        await flushed.WithTimeout();
    }

    private static async Task Cancelled(ServerCallContext context)
    {
        TaskCompletionSource fired = new();
        using CancellationTokenRegistration registration = context.Cancellation.Register(fired.SetResult);
        await fired.Task;
    }
}
