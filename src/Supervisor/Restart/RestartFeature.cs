using ShimStack.Api.Restart;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor.Restart;

/// <summary>What starts containers again.</summary>
internal sealed class RestartFeature : IAsyncDisposable
{
    private readonly RestartBoot _boot;

    public RestartFeature(DaemonSurroundings around, EventsFeature events, ContainersFeature containers, TasksFeature tasks)
    {
        RestartStore store = new(around.Database);
        Runs runs = new(tasks.Table, tasks.Queries, around.End);
        RestartTry tries = new(store, runs, tasks.Creation, tasks.Deletion, containers.Store);
        RestartCourse course = new(store, tries, containers.Store, runs, tasks.Loss, around.Time, around.Logger<RestartCourse>());
        _boot = new RestartBoot(store, containers.Store, tasks.Table, tasks.Loss, around.Time, around.Logger<RestartBoot>());
        Restarts = new Restarts(store, course, containers.Store, events.Journal, runs, around.Time, around.Logger<Restarts>());
        RestartsService service = new(store);
        around.Api.Unary(
            "shimstack.restart.v1.Restarts/" + nameof(service.List), ListRestartsRequest.Parser, ListRestartsResponse.Parser, service.List);
    }

    /// <summary>The table of what should run.</summary>
    public Restarts Restarts { get; }

    /// <summary>Begins to see to what should run; after <see cref="Recovery.TaskRecovery"/> has every task in the table.</summary>
    public Task BeginAsync() => Restarts.BeginAsync(_boot);

    public ValueTask DisposeAsync() => Restarts.DisposeAsync();
}
