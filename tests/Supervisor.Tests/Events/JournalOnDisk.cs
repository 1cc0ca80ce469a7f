using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Filters;

namespace ShimStack.Supervisor.Tests.Events;

/// <summary>A journal on a file of its own, which can be closed and opened again.</summary>
internal sealed class JournalOnDisk : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly SupervisorSettings _settings;
    private Database _database;

    public JournalOnDisk(int length = 100_000, int queue = 10_000)
    {
        _settings = new SupervisorSettings
        {
            Root = _directory,
            Address = Path.Join(_directory, "sock"),
            JournalLength = length,
            SubscriberQueue = queue,
        };
        _database = Database.Open(_settings.DatabasePath);
        Journal = NewJournal();
    }

    public EventJournal Journal { get; private set; }

    public ProcessRecords Processes => new(_database);

    public Database Database => _database;

    /// <summary>As a restart of the daemon does.</summary>
    public async Task ReopenAsync()
    {
        await Journal.DisposeAsync();
        await _database.DisposeAsync();
        _database = Database.Open(_settings.DatabasePath);
        Journal = NewJournal();
    }

    public async Task PublishAsync(params ShimStack.Api.Types.Envelope[] envelopes)
    {
        foreach (ShimStack.Api.Types.Envelope envelope in envelopes)
        {
            await Journal.PublishAsync(envelope).WaitAsync(Limit.Time);
        }
    }

    public async Task<EventReader> SubscribeAsync(params string[] filters) =>
        new(Journal, await Journal.SubscribeAsync(Filter.Parse(filters)).WaitAsync(Limit.Time));

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private EventJournal NewJournal() => new(_database, _settings, TimeProvider.System, NullLogger<EventJournal>.Instance);
}
