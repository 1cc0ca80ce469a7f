using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Filters;

namespace ShimStack.Supervisor.Events;

/// <summary>
/// Where every event goes first: on record, then to the subscribers, in one order. Everything that has a place in that order (an event, a
/// subscription, the note that an exit was seen) waits in one line; what waits is committed together, and then told one after the other.
/// </summary>
internal sealed class EventJournal(Database database, SupervisorSettings settings, TimeProvider time, ILogger<EventJournal> logger)
    : IAsyncDisposable
{
    private readonly JournalLine _line = new(database, settings.JournalLength, logger);
    private readonly Lock _gate = new();
    private EventSubscriber[] _subscribers = [];
    private TaskCompletionSource? _awaited;
    private long _recorded;
    private long _dropped;

    /// <summary>A container's first process has ended, and that is on record: its namespace and id. Must not wait.</summary>
    public event Action<string, string>? InitExited;

    /// <summary>How many events were put on record since the start.</summary>
    public long Recorded => Volatile.Read(ref _recorded);

    /// <summary>How many exits were repetitions, since the start.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>How many subscribe now.</summary>
    public int Subscribers => Volatile.Read(ref _subscribers).Length;

    /// <summary>Publishes what this daemon has to tell.</summary>
    /// <param name="nameSpace">Whose subscribers hear it.</param>
    /// <param name="topic">For instance "/containers/create".</param>
    /// <param name="typeUrl">Of the event, see <see cref="Api.TypeUrls"/>.</param>
    /// <param name="message">The event.</param>
    /// <returns>Ends when it is on record.</returns>
    public Task PublishAsync(string nameSpace, string topic, string typeUrl, IMessage message) =>
        PublishAsync(nameSpace, topic, new Any { TypeUrl = typeUrl, Value = message.ToByteString() });

    /// <summary>Publishes an event that happens now.</summary>
    /// <returns>Ends when it is on record.</returns>
    public Task PublishAsync(string nameSpace, string topic, Any? message) => PublishAsync(Now(nameSpace, topic, message));

    /// <summary>Publishes an event as it came. The repetition of an exit ends well and is dropped.</summary>
    /// <returns>Ends when it is on record.</returns>
    /// <exception cref="Ttrpc.RpcException">InvalidArgument: it is none that containerd would take.</exception>
    public Task PublishAsync(Envelope envelope)
    {
        EnvelopeCheck.Require(envelope);
        byte[] bytes = envelope.ToByteArray();
        ProcessChange? change = ProcessChange.Of(envelope);
        return _line.AddAsync(tables => tables.Add(envelope, bytes, change), stored => Tell(stored, envelope, change));
    }

    /// <summary>
    /// Publishes the end of a task that went with its shim. No client has deleted it, and so none has learnt how its processes ended: what of that
    /// nobody has seen stays owed.
    /// </summary>
    /// <returns>Ends when it is on record.</returns>
    public Task PublishLossAsync(string nameSpace, TaskDelete deleted)
    {
        Envelope envelope = Now(nameSpace, Topics.TaskDelete, new Any { TypeUrl = TypeUrls.TaskDelete, Value = deleted.ToByteString() });
        byte[] bytes = envelope.ToByteArray();
        ProcessChange? change = ProcessChange.Of(envelope);
        return _line.AddAsync(
            tables =>
            {
                tables.KeepOwed(nameSpace, deleted.ContainerId);
                return tables.Add(envelope, bytes, change);
            },
            stored => Tell(stored, envelope, change));
    }

    /// <summary>Subscribes: first to the exits that nobody has seen, then to all that is put on record from now on.</summary>
    public async Task<EventSubscriber> SubscribeAsync(Filter filter)
    {
        EventSubscriber subscriber = new(filter, settings.SubscriberQueue);
        await _line.AddAsync(tables => tables.Owed(), owed =>
        {
            subscriber.Begin(owed);
            lock (_gate)
            {
                _subscribers = [.. _subscribers, subscriber];
            }
        });
        return subscriber;
    }

    /// <summary>Ends a subscription.</summary>
    public void Unsubscribe(EventSubscriber subscriber)
    {
        lock (_gate)
        {
            _subscribers = [.. _subscribers.Where(other => other != subscriber)];
        }
    }

    /// <summary>Notes that a subscriber has an event, if it is an exit that is owed.</summary>
    public void See(StoredEvent stored)
    {
        if (stored.TrySee())
        {
            _ = RecordSeenAsync(stored.Sequence);
        }
    }

    /// <summary>Ends when the next event is on record.</summary>
    public Task NextAsync()
    {
        TaskCompletionSource mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _awaited, mine, null) ?? mine).Task;
    }

    /// <summary>Reads the journal, at a place in its order.</summary>
    public Task<T> ReadAsync<T>(Func<JournalTables, T> read) => _line.AddAsync(read);

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private Envelope Now(string nameSpace, string topic, Any? message) => new()
    {
        Timestamp = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
        Namespace = nameSpace,
        Topic = topic,
        Event = message,
    };

    private void Tell(StoredEvent? stored, Envelope envelope, ProcessChange? change)
    {
        if (stored is null)
        {
            Interlocked.Increment(ref _dropped);
            logger.RepetitionDropped(envelope.Topic, envelope.Namespace);
            return;
        }

        Interlocked.Increment(ref _recorded);
        foreach (EventSubscriber subscriber in Volatile.Read(ref _subscribers))
        {
            if (subscriber.Offer(stored))
            {
                logger.SubscriberCutOff(settings.SubscriberQueue);
            }
        }

        Interlocked.Exchange(ref _awaited, null)?.SetResult();
        if (change is { Kind: ProcessChangeKind.Exited, Exec: "" })
        {
            InitExited?.Invoke(change.Namespace, change.Container);
        }
    }

    private async Task RecordSeenAsync(long sequence)
    {
        try
        {
            await _line.AddAsync(tables =>
            {
                tables.See(sequence);
                return true;
            });
        }
        catch (Exception e)
        {
            logger.SeenNotRecorded(e);
        }
    }
}
