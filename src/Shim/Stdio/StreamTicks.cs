using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// The clock by which sources in a hurry are looked at: one for all streams, made when the first needs it, and still while none does.
/// </summary>
internal sealed class StreamTicks(EventLoop loop) : IReadiness
{
    /// <summary>The longest that a byte waits. Meanwhile a wide pipe (<see cref="ByteMover"/>) takes what comes at 3 GiB a second.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMicroseconds(150);

    private readonly List<SourceWatch> _sources = [];
    private TimerDescriptor? _timer;

    /// <summary>How many sources are looked at now.</summary>
    public int Count => _sources.Count;

    /// <summary>Looks at a source from the next tick on.</summary>
    public void Add(SourceWatch source)
    {
        _sources.Add(source);
        if (_sources.Count == 1)
        {
            Timer().Set(Period);
        }
    }

    /// <summary>Does so no longer.</summary>
    public void Remove(SourceWatch source) => _sources.Remove(source);

    public void OnReady(EpollEvents events)
    {
        // Backwards: a source that leaves in its turn moves none that is still to come.
        for (int i = _sources.Count - 1; i >= 0; i--)
        {
            if (i < _sources.Count)
            {
                _sources[i].Look();
            }
        }

        if (_sources.Count > 0)
        {
            Timer().Set(Period);
        }
    }

    private TimerDescriptor Timer()
    {
        if (_timer is null)
        {
            TimerDescriptor created = TimerDescriptor.Create();
            loop.Register(created.Descriptor, EpollEvents.EPOLLIN, this);
            _timer = created;
        }

        return _timer;
    }
}
