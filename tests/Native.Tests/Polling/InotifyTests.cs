namespace ShimStack.NativeTests;

public sealed class InotifyTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Inotify _inotify = Inotify.Create();
    private readonly InotifyEvent[] _events = new InotifyEvent[2];

    public void Dispose()
    {
        _inotify.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void OpeningAFifoIsTold()
    {
        Files.MakeFifo(_directory["fifo"], 0x180);
        int watch = _inotify.AddWatch(_directory["fifo"], InotifyEvents.IN_OPEN);
        Assert.Equal(0, _inotify.Read(_events));
        using FileDescriptor reader = Files.Open(_directory["fifo"], OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        Child.WaitUntilReadable(_inotify.Descriptor);
        Assert.Equal(1, _inotify.Read(_events));
        Assert.Equal(new InotifyEvent(watch, InotifyEvents.IN_OPEN), _events[0]);
        Assert.Equal(0, _inotify.Read(_events));
    }

    [Fact]
    public void EventsThatDoNotFitComeWithTheNextRead()
    {
        int watch = _inotify.AddWatch(_directory.Path, InotifyEvents.IN_CREATE | InotifyEvents.IN_ISDIR);
        for (int i = 0; i < 5; i++)
        {
            Files.MakeDirectory(_directory[new string('x', i * 20) + i], 0x1c0);
        }

        int[] counts = [_inotify.Read(_events), _inotify.Read(_events), _inotify.Read(_events), _inotify.Read(_events)];
        Assert.Equal([2, 2, 1, 0], counts);
        Assert.Equal(new InotifyEvent(watch, InotifyEvents.IN_CREATE | InotifyEvents.IN_ISDIR), _events[0]);
    }

    [Fact]
    public void ARemovedWatchIsSilent()
    {
        int watch = _inotify.AddWatch(_directory.Path, InotifyEvents.IN_CREATE);
        Assert.True(_inotify.RemoveWatch(watch));
        Assert.Equal(1, _inotify.Read(_events));
        Assert.Equal(InotifyEvents.IN_IGNORED, _events[0].Mask);
        Files.MakeDirectory(_directory["d"], 0x1c0);
        Assert.Equal(0, _inotify.Read(_events));
        Assert.False(_inotify.RemoveWatch(watch));
    }
}
