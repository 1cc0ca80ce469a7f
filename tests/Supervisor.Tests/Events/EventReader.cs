using System.Threading.Channels;
using Grpc.Core;
using ShimStack.Supervisor.Events;

namespace ShimStack.Supervisor.Tests.Events;

/// <summary>A subscriber that reads, or not, what the journal writes to it.</summary>
internal sealed class EventReader : IServerStreamWriter<StoredEvent>, IAsyncDisposable
{
    private readonly Channel<StoredEvent> _written = Channel.CreateUnbounded<StoredEvent>();
    private readonly CancellationTokenSource _end = new();
    private readonly EventJournal _journal;
    private readonly EventSubscriber _subscriber;

    public EventReader(EventJournal journal, EventSubscriber subscriber)
    {
        (_journal, _subscriber) = (journal, subscriber);
        Writing = subscriber.WriteAsync(this, journal.See, _end.Token);
    }

    /// <summary>What the call of the subscriber does.</summary>
    public Task Writing { get; }

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(StoredEvent message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(StoredEvent message, CancellationToken cancellationToken) =>
        _written.Writer.WriteAsync(message, cancellationToken).AsTask();

    public async Task<List<StoredEvent>> ReadAsync(int count)
    {
        List<StoredEvent> read = [];
        while (read.Count < count)
        {
            Task<StoredEvent> next = _written.Reader.ReadAsync().AsTask();
            await (await Task.WhenAny(next, Writing)).WaitAsync(Limit.Time);
            read.Add(await next.WaitAsync(Limit.Time));
        }

        return read;
    }

    /// <summary>The names of all that is written before an event that comes last.</summary>
    public async Task<List<string>> NamesUntilAsync(string topic)
    {
        List<string> names = [];
        while (true)
        {
            string name = Event.Name((await ReadAsync(1))[0].Envelope);
            if (name == topic)
            {
                return names;
            }

            names.Add(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _journal.Unsubscribe(_subscriber);
        await _end.CancelAsync();
        await Task.WhenAny(Writing);
        _end.Dispose();
    }
}
