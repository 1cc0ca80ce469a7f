namespace ShimStack.NativeTests;

public sealed class EpollTests : IDisposable
{
    private readonly Epoll _epoll = Epoll.Create();
    private readonly PipePair _pipe = Pipe.Create();
    private readonly EpollEvent[] _events = new EpollEvent[4];

    public void Dispose()
    {
        _pipe.ReadEnd.Dispose();
        _pipe.WriteEnd.Dispose();
        _epoll.Dispose();
    }

    [Fact]
    public void TheEventCarriesTheTagOfItsDescriptor()
    {
        const ulong Tag = 0xfedc_ba98_7654_3210;
        _epoll.Add(_pipe.ReadEnd, EpollEvents.EPOLLIN, Tag);
        _epoll.Add(_pipe.WriteEnd, EpollEvents.EPOLLOUT, 2);
        Files.Write(_pipe.WriteEnd, "x"u8);
        Assert.Equal(2, _epoll.Wait(_events, 0));
        Assert.Equal([(EpollEvents.EPOLLIN, Tag), (EpollEvents.EPOLLOUT, 2ul)], _events.Take(2).Select(e => (e.Events, e.Tag)).ToHashSet());
    }

    [Fact]
    public void AnEdgeIsToldOnce()
    {
        _epoll.Add(_pipe.ReadEnd, EpollEvents.EPOLLIN | EpollEvents.EPOLLET, 1);
        Files.Write(_pipe.WriteEnd, "x"u8);
        Assert.Equal(1, _epoll.Wait(_events, 0));
        Assert.Equal(0, _epoll.Wait(_events, 0));
        Files.Write(_pipe.WriteEnd, "y"u8);
        Assert.Equal(1, _epoll.Wait(_events, 0));
        _epoll.Modify(_pipe.ReadEnd, EpollEvents.EPOLLIN | EpollEvents.EPOLLET, 3);
        Assert.Equal(1, _epoll.Wait(_events, 0));
        Assert.Equal(3ul, _events[0].Tag);
    }

    [Fact]
    public void ALevelIsToldUntilItIsGone()
    {
        _epoll.Add(_pipe.ReadEnd, EpollEvents.EPOLLIN, 1);
        Files.Write(_pipe.WriteEnd, "x"u8);
        Assert.Equal(1, _epoll.Wait(_events, 0));
        Assert.Equal(1, _epoll.Wait(_events, 0));
        Files.Read(_pipe.ReadEnd, new byte[1]);
        Assert.Equal(0, _epoll.Wait(_events, 0));
    }

    [Fact]
    public void WhatIsRemovedIsNotTold()
    {
        _epoll.Add(_pipe.ReadEnd, EpollEvents.EPOLLIN, 1);
        Files.Write(_pipe.WriteEnd, "x"u8);
        _epoll.Remove(_pipe.ReadEnd);
        Assert.Equal(0, _epoll.Wait(_events, 0));
        Assert.Equal(Errno.ENOENT, Assert.Throws<SyscallException>(() => _epoll.Remove(_pipe.ReadEnd)).Errno);
    }

    [Fact]
    public void AClosedPipeIsAHangUp()
    {
        _epoll.Add(_pipe.ReadEnd, EpollEvents.EPOLLIN, 1);
        _pipe.WriteEnd.Dispose();
        Assert.Equal(1, _epoll.Wait(_events, 0));
        Assert.Equal(EpollEvents.EPOLLHUP, _events[0].Events);
    }

    [Fact]
    public void AnEventDescriptorIsReadableBetweenSignalAndDrain()
    {
        using EventDescriptor wake = EventDescriptor.Create();
        _epoll.Add(wake.Descriptor, EpollEvents.EPOLLIN, 1);
        wake.Drain();
        Assert.Equal(0, _epoll.Wait(_events, 0));
        wake.Signal();
        wake.Signal();
        Assert.Equal(1, _epoll.Wait(_events, 0));
        wake.Drain();
        Assert.Equal(0, _epoll.Wait(_events, 0));
    }

    [Fact]
    public void AnotherThreadWakesAWaitThatHasNoTimeOut()
    {
        using EventDescriptor wake = EventDescriptor.Create();
        _epoll.Add(wake.Descriptor, EpollEvents.EPOLLIN, 7);
        Thread other = new(wake.Signal);
        other.Start();
        Assert.Equal(1, _epoll.Wait(_events, -1));
        other.Join();
        Assert.Equal(7ul, _events[0].Tag);
    }
}
