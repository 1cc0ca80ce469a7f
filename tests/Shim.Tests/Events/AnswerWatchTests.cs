using Microsoft.Extensions.Time.Testing;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Events;

namespace ShimStack.Shim.Tests.Events;

/// <summary>What was read and is not answered is given up; what was not even read is waited for, as long as that takes.</summary>
public sealed class AnswerWatchTests : IDisposable
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(2500);

    private readonly FakeTimeProvider _time = new();
    private readonly FileDescriptor _ours;
    private readonly FileDescriptor _daemons;
    private readonly AnswerWatch _watch;
    private int _frozen;

    public AnswerWatchTests()
    {
        (_ours, _daemons) = UnixSocket.CreatePair();
        UnixSocket.Send(_ours, "event"u8);
        _watch = new AnswerWatch(_time, _ours, () => _frozen++, CancellationToken.None);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _ours.Dispose();
        _daemons.Dispose();
    }

    [Fact]
    public void ACallThatWasReadHasFiveSeconds()
    {
        Read();
        _time.Advance(Half);
        Assert.False(_watch.GiveUp.IsCancellationRequested);
        _time.Advance(Half);
        Assert.True(_watch.GiveUp.IsCancellationRequested);
        Assert.Equal((0, false), (_frozen, _watch.IsLate));
    }

    [Fact]
    public void ACallThatWasNotReadIsWaitedForAndTheDaemonCountsAsAway()
    {
        _time.Advance(Half);
        Assert.Equal((0, false), (_frozen, _watch.IsLate));
        _time.Advance(Half);
        Assert.Equal((1, true), (_frozen, _watch.IsLate));
        for (int half = 0; half < 240; half++)
        {
            _time.Advance(Half);
        }

        Assert.False(_watch.GiveUp.IsCancellationRequested);
    }

    // However late in a period it goes on.
    [Fact]
    public void ADaemonThatGoesOnHasTimeToAnswer()
    {
        _time.Advance(Half * 4);
        Read();
        _time.Advance(Half);
        Assert.False(_watch.GiveUp.IsCancellationRequested);
        _time.Advance(Half);
        Assert.True(_watch.GiveUp.IsCancellationRequested);
    }

    // The connection ends, and the timer is due before the caller knows.
    [Fact]
    public void AConnectionThatIsClosedIsNotLookedAt()
    {
        _ours.Dispose();
        _time.Advance(Half * 3);
        Assert.False(_watch.GiveUp.IsCancellationRequested);
    }

    private void Read() => UnixSocket.Receive(_daemons, new byte[16]);
}
