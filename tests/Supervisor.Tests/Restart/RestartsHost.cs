using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Restart;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor.Tests.Restart;

/// <summary>What sees to restarts, on a clock of the test's own and a real database. There is no shim: every try to start a container fails, for want of its runtime.</summary>
internal sealed class RestartsHost : IAsyncDisposable
{
    public const string Namespace = "moby";

    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly SupervisorSettings _settings;
    private Database _database = null!;
    private EventJournal _journal = null!;
    private Restarts _restarts = null!;
    private DaemonEnd _end = null!;

    private RestartsHost() => _settings = new SupervisorSettings { Root = _directory, State = Path.Join(_directory, "state"), Address = Path.Join(_directory, "sock") };

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    public RestartStore Store { get; private set; } = null!;

    public ContainerStore Containers { get; private set; } = null!;

    public EventJournal Journal => _journal;

    public Database Database => _database;

    public static async Task<RestartsHost> StartAsync()
    {
        RestartsHost host = new();
        await host.OpenAsync();
        return host;
    }

    /// <summary>As a daemon that was killed.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>A container that runs, as far as is on record.</summary>
    public async Task AddAsync(string id, string policy)
    {
        Container container = new() { Id = id, Runtime = new Container.Types.Runtime { Name = "/no/such/shim" }, Spec = new() };
        container.Labels[RestartLabels.Policy] = policy;
        await Containers.CreateAsync(Namespace, container);
        await Store.StartedAsync(Namespace, id, new CreateTaskRequest { ContainerId = id }.ToByteArray(), Time.GetUtcNow());
        await RelabelAsync(id, "any", "change"); // from here on its events are heard
    }

    public Task RelabelAsync(string id, string label, string value) => Containers.UpdateAsync(Namespace, id, container => container.Labels[label] = value);

    public async Task<RestartRecord> FindAsync(string id) => await Store.FindAsync(Namespace, id) ?? throw new InvalidOperationException($"{id} has no record");

    /// <summary>Until its record is so; the work is done on other threads, in no time of the test's clock.</summary>
    public Task<RestartRecord> UntilAsync(string id, Func<RestartRecord, bool> condition) => UntilAsync(id, condition, TimeSpan.Zero);

    /// <summary>The same while time goes by.</summary>
    public Task<RestartRecord> InTimeAsync(string id, Func<RestartRecord, bool> condition) => UntilAsync(id, condition, Backoff.Longest);

    private async Task<RestartRecord> UntilAsync(string id, Func<RestartRecord, bool> condition, TimeSpan step)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
        while (true)
        {
            RestartRecord record = await FindAsync(id);
            if (condition(record))
            {
                return record;
            }

            Assert.False(limit.IsCancellationRequested, $"{record}: error {record.Error}, exit {record.ExitStatus}, next {record.NextAt}");
            Time.Advance(step);
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task OpenAsync()
    {
        _database = Database.Open(_settings.DatabasePath);
        _journal = new EventJournal(_database, _settings, Time, NullLogger<EventJournal>.Instance);
        Store = new RestartStore(_database);
        Containers = new ContainerStore(_database);
        TaskTable tasks = new();
        _end = new DaemonEnd();
        Runs runs = new(tasks, new TaskQueries(tasks, null!, Time, NullLogger<TaskQueries>.Instance), _end);
        TaskLoss loss = new(null!, _journal, new ProcessRecords(_database), null!, Time, NullLogger<TaskLoss>.Instance);
        TaskCreation creation = new(tasks, new Bundles(_settings), new RuntimeBinary(_settings), new RuntimeOptions(_settings), null!, null!, null!, null!, Time);
        RestartTry tries = new(Store, runs, creation, null!, Containers);
        RestartCourse course = new(Store, tries, Containers, runs, loss, Time, NullLogger<RestartCourse>.Instance);
        _restarts = new Restarts(Store, course, Containers, _journal, runs, Time, NullLogger<Restarts>.Instance);
        await _restarts.BeginAsync(new RestartBoot(Store, Containers, tasks, loss, Time, NullLogger<RestartBoot>.Instance));
    }

    private async Task CloseAsync()
    {
        _end.Begin();
        await _restarts.DisposeAsync();
        _end.Dispose();
        await _journal.DisposeAsync();
        await _database.DisposeAsync();
    }
}
