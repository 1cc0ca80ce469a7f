using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Shims;
using TasksApi = ShimStack.Api.Daemon.Tasks;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Composition of tasks and the shims below them.</summary>
internal static class TasksFeature
{
    public static IServiceCollection AddTasks(this IServiceCollection services) => services
        .AddSingleton<TaskTable>()
        .AddSingleton<Bundles>()
        .AddSingleton<RuntimeBinary>()
        .AddSingleton<RuntimeOptions>()
        .AddSingleton<ShimCommand>()
        .AddSingleton<ShimLogs>()
        .AddSingleton<IRuntimeInfo, ShimInfo>()
        .AddSingleton<ShimConnector>()
        .AddSingleton<OrphanExits>()
        .AddSingleton<TaskCreation>()
        .AddSingleton<TaskEnd>()
        .AddSingleton<TaskQueries>()
        .AddSingleton<TaskWait>()
        .AddSingleton<TasksService>();

    public static void MapTasks(this IEndpointRouteBuilder endpoints) => endpoints.MapService<TasksService>(TasksApi.BindService);
}
