using System.Globalization;
using System.Text;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Polling;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// The kernel's notice of version 1 that a cgroup is out of memory: an eventfd given to cgroup.event_control. It comes before the
/// kernel counts and kills, also to the cgroups below the one that is out of memory, and once more when the cgroup is removed; so
/// it says no more than that the counter is worth a look, and a few more later. Contract chapter 8.1.
/// </summary>
internal sealed class OomEventDescriptor : IReadiness, IDisposable
{
    // Between notice and kill the kernel writes its report to the console, which may be slow: looks after 10, 20, 40 ... 1280 ms.
    // Nothing else tells of a kill that the container survives.
    private const int LaterLooks = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    private readonly EventLoop _loop;
    private readonly EventDescriptor _event = EventDescriptor.Create();
    private readonly Func<OomLook> _look;
    private readonly ulong _tag;
    private ITimer? _later;
    private int _looks;

    /// <summary>Lets <paramref name="look"/> be called after each notice for the cgroup <paramref name="directory"/>.</summary>
    /// <exception cref="SyscallException">The cgroup has gone, or its kernel has no such notice.</exception>
    public OomEventDescriptor(EventLoop loop, string directory, Func<OomLook> look)
    {
        _loop = loop;
        _look = look;
        try
        {
            using FileDescriptor control = Files.Open(Path.Join(directory, OomCounter.FileV1), OpenFlags.O_RDONLY);
            string pair = string.Create(CultureInfo.InvariantCulture, $"{_event.Descriptor.Number} {control.Number}");
            SmallFile.Write(Path.Join(directory, "cgroup.event_control"), Encoding.ASCII.GetBytes(pair));
            _tag = loop.Register(_event.Descriptor, EpollEvents.EPOLLIN, this);
        }
        catch (SyscallException)
        {
            _event.Dispose();
            throw;
        }
    }

    public void OnReady(EpollEvents events)
    {
        _event.Drain();
        _looks = 0;
        Look();
    }

    public void Dispose()
    {
        _later?.Dispose();
        _loop.Forget(_event.Descriptor, _tag);
        _event.Dispose();
    }

    private void Look()
    {
        if (_look() is OomLook.Gone or OomLook.NotCounted || _looks == LaterLooks)
        {
            return;
        }

        TimeSpan pause = FirstPause * (1 << _looks++);
        _later?.Dispose();
        _later = _loop.Timers.CreateTimer(static self => ((OomEventDescriptor)self!).Look(), this, pause, Timeout.InfiniteTimeSpan);
    }
}
