using ShimStack.Shim.Events;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.State;

/// <summary>A daemon that is away until it is let in, and then remembers what it was sent.</summary>
internal sealed class RecordingEvents : IEventSink
{
    public bool IsAway { get; set; }

    public event Action? Lost;

    public List<PendingEvent> Taken { get; } = [];

    public IEnumerable<string> Topics => Taken.Select(static taken => taken.Topic);

    /// <summary>The daemon dies.</summary>
    public void GoAway()
    {
        IsAway = true;
        Lost?.Invoke();
    }

    public Task ForwardAsync(PendingEvent pending, CancellationToken cancellation)
    {
        if (IsAway)
        {
            throw new RpcException(RpcCode.Unavailable, "away");
        }

        Taken.Add(pending);
        return Task.CompletedTask;
    }
}
