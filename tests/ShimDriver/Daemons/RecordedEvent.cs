using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Events;

namespace ShimStack.ShimDriver.Daemons;

/// <summary>An event that a shim forwarded.</summary>
/// <param name="ArrivedAt">On the clock of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Namespace">Of the envelope.</param>
/// <param name="Topic">Of the envelope.</param>
/// <param name="Timestamp">When the shim says that it happened.</param>
/// <param name="TypeUrl">Of the event in it.</param>
/// <param name="Payload">The event itself.</param>
public sealed record RecordedEvent(long ArrivedAt, string Namespace, string Topic, Timestamp? Timestamp, string TypeUrl, ByteString Payload)
{
    /// <summary>The event as a message of the type which the caller expects.</summary>
    public T As<T>(MessageParser<T> parser) where T : IMessage<T> => parser.ParseFrom(Payload);

    /// <summary>Whether this is the exit of the process: of the init when the ids are equal, else of an exec.</summary>
    public bool IsExitOf(string containerId, string processId) =>
        Topic == Topics.TaskExit && As(TaskExit.Parser) is var exit && exit.ContainerId == containerId && exit.Id == processId;
}
