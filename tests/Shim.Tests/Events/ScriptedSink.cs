using ShimStack.Shim.Events;

namespace ShimStack.Shim.Tests.Events;

/// <summary>A daemon that does what the test says, and remembers every attempt.</summary>
internal sealed class ScriptedSink : IEventSink
{
    public event Action? Lost
    {
        add { }
        remove { }
    }

    public List<string> Attempts { get; } = [];

    public List<string> Taken { get; } = [];

    /// <summary>What happens to an event before it is taken; throws to refuse it.</summary>
    public Func<PendingEvent, CancellationToken, Task> Then { get; set; } = static (_, _) => Task.CompletedTask;

    public async Task ForwardAsync(PendingEvent pending, CancellationToken cancellation)
    {
        Attempts.Add(pending.Topic);
        await Then(pending, cancellation);
        Taken.Add(pending.Topic);
    }
}
