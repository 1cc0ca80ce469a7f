using ShimStack.Shim.Events;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.State;

/// <summary>A daemon that is away until it is let in, and then remembers the topics it was sent.</summary>
internal sealed class RecordingEvents : IEventSink
{
    public bool IsAway { get; set; }

    public List<string> Topics { get; } = [];

    public Task ForwardAsync(PendingEvent pending, CancellationToken cancellation)
    {
        if (IsAway)
        {
            throw new RpcException(RpcCode.Unavailable, "away");
        }

        Topics.Add(pending.Topic);
        return Task.CompletedTask;
    }
}
