using Google.Protobuf;

namespace ShimStack.Shim.Events;

/// <summary>An event on its way to the daemon: a plain record, so that it can be kept and handed on.</summary>
/// <param name="At">When it happened; stays so however late it is delivered.</param>
/// <param name="Topic">Where subscribers look for it.</param>
/// <param name="TypeUrl">The bare message name.</param>
/// <param name="Payload">The encoded message.</param>
internal sealed record PendingEvent(DateTimeOffset At, string Topic, string TypeUrl, ByteString Payload);
