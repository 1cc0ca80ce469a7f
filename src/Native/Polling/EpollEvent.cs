using System.Runtime.InteropServices;

namespace ShimStack.Native.Polling;

/// <summary>
/// struct epoll_event, packed as on x86-64: what happened, and the tag given when the descriptor was added. See epoll_event(3type).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EpollEvent
{
    public EpollEvents Events;
    public ulong Tag;
}
