using ShimStack.Native;

namespace ShimStack.Shim.Cgroups;

/// <summary>
/// Tells once for each time that a container's counter of out-of-memory kills is found higher than before: after the kernel's
/// notices, and at the end of its init. What it has seen is kept with the counter, so another build can go on.
/// </summary>
/// <param name="counter">The container's counter.</param>
/// <param name="killed">Called for each increase.</param>
internal sealed class OomWatch(OomCounter counter, Action killed) : IDisposable
{
    private IDisposable? _notices;

    /// <summary>Starts to listen, and looks once: of what happened before there was no notice.</summary>
    /// <param name="listen">Calls back after each notice until its result is disposed.</param>
    /// <exception cref="SyscallException">The kernel does not give notice.</exception>
    public void Start(Func<Func<OomLook>, IDisposable> listen)
    {
        _notices = listen(OnNotice);
        Look();
    }

    /// <summary>Looks at the counter, and tells if it has risen.</summary>
    public OomLook Look()
    {
        OomLook look = counter.Look();
        if (look == OomLook.More)
        {
            killed();
        }

        return look;
    }

    /// <summary>The last look, after which nothing is told any more.</summary>
    public void End()
    {
        Look();
        Dispose();
    }

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        _notices?.Dispose();
        _notices = null;
    }

    private OomLook OnNotice()
    {
        OomLook look = Look();
        if (look == OomLook.NotCounted)
        {
            // A notice is all there is.
            killed();
        }

        return look;
    }
}
