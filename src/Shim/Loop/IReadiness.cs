using ShimStack.Native.Polling;

namespace ShimStack.Shim.Loop;

/// <summary>What the <see cref="EventLoop"/> calls when a registered descriptor changed its readiness.</summary>
internal interface IReadiness
{
    /// <summary>
    /// Called on the loop's thread after an edge. Edges are not remembered: whoever moves data tries first and waits
    /// for an edge only after EAGAIN. See epoll(7), "edge-triggered".
    /// </summary>
    void OnReady(EpollEvents events);
}
