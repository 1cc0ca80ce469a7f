namespace ShimStack.Native.Polling;

/// <summary>What a descriptor is ready for, and how it is watched. See epoll_ctl(2).</summary>
[Flags]
public enum EpollEvents : uint
{
    None = 0,
    EPOLLIN = 1,
    EPOLLPRI = 2,
    EPOLLOUT = 4,
    EPOLLERR = 8,
    EPOLLHUP = 16,
    EPOLLRDHUP = 0x2000,
    EPOLLEXCLUSIVE = 1u << 28,
    EPOLLONESHOT = 1u << 30,
    EPOLLET = 1u << 31,
}
