using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Data;

namespace ShimStack.Supervisor.Events;

/// <summary>Where every event goes first: on record, then to the subscribers, in one order.</summary>
internal sealed class EventJournal(Database database, TimeProvider time)
{
    /// <summary>Publishes what this daemon has to tell.</summary>
    /// <param name="nameSpace">Whose subscribers hear it.</param>
    /// <param name="topic">For instance "/containers/create".</param>
    /// <param name="typeUrl">Of the event, see <see cref="Api.TypeUrls"/>.</param>
    /// <param name="message">The event.</param>
    /// <returns>Ends when it is on record.</returns>
    public Task PublishAsync(string nameSpace, string topic, string typeUrl, IMessage message) => PublishAsync(new Envelope
    {
        Timestamp = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
        Namespace = nameSpace,
        Topic = topic,
        Event = new Any { TypeUrl = typeUrl, Value = message.ToByteString() },
    });

    /// <summary>Publishes an event as it came.</summary>
    /// <returns>Ends when it is on record.</returns>
    public Task PublishAsync(Envelope envelope) => database.WriteAsync(connection => connection.Execute(
        "INSERT INTO events (namespace, topic, envelope) VALUES ($1, $2, $3)", envelope.Namespace, envelope.Topic, envelope.ToByteArray()));
}
