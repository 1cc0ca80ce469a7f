using Google.Protobuf;
using ShimStack.Api.Events;

namespace ShimStack.Shim.Events;

/// <summary>An event on its way to the daemon: a plain record, so that it can be kept and handed on.</summary>
/// <param name="At">When it happened; stays so however late it is delivered.</param>
/// <param name="Topic">Where subscribers look for it.</param>
/// <param name="TypeUrl">The bare message name.</param>
/// <param name="Payload">The encoded message.</param>
internal sealed record PendingEvent(DateTimeOffset At, string Topic, string TypeUrl, ByteString Payload)
{
    /// <summary>Whose exit this is; null for every other event.</summary>
    public ExitSubject? Exit { get; init; }

    /// <summary>
    /// Nothing but the event tells of it: who missed a start sees a running task, who missed an exit waits for ever. Such an event is
    /// never dropped.
    /// </summary>
    public bool IsIrreplaceable => Topic is Topics.TaskExit or Topics.TaskOOM;
}

/// <summary>A process whose exit an event tells: the container's id, and the exec's (empty for the init).</summary>
internal readonly record struct ExitSubject(string Task, string Exec);
