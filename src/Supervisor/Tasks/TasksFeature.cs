using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Shims;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Composition of tasks and the shims below them.</summary>
internal static class TasksFeature
{
    private const string Service = "containerd.services.tasks.v1.Tasks/";

    public static IServiceCollection AddTasks(this IServiceCollection services) => services
        .AddLogger<TaskDeletion>()
        .AddLogger<TaskLoss>()
        .AddLogger<TaskRemoval>()
        .AddLogger<TaskQueries>()
        .AddLogger<ShimConnector>()
        .AddLogger<TaskUndo>()
        .AddLogger<ShimCommand>()
        .AddLogger<ShimLogs>()
        .AddSingleton<TaskTable>()
        .AddSingleton<Bundles>()
        .AddSingleton<RuntimeBinary>()
        .AddSingleton<RuntimeOptions>()
        .AddSingleton<ShimStarts>()
        .AddSingleton<ShimCommand>()
        .AddSingleton<ShimLogs>()
        .AddSingleton<IRuntimeInfo, ShimInfo>()
        .AddSingleton<ShimConnector>()
        .AddSingleton<OrphanExits>()
        .AddSingleton<TaskCreation>()
        .AddSingleton<TaskRemoval>()
        .AddSingleton<TaskDeletion>()
        .AddSingleton<TaskLoss>()
        .AddSingleton<TaskUndo>()
        .AddSingleton<TaskQueries>()
        .AddSingleton<TaskWait>()
        .AddSingleton<TasksService>();

    public static void MapTasks(this IServiceProvider services)
    {
        TasksService service = services.GetRequiredService<TasksService>();
        ApiMethods.Of(services)
            .Unary(Service + nameof(service.Create), CreateTaskRequest.Parser, CreateTaskResponse.Parser, service.Create)
            .Unary(Service + nameof(service.Start), StartRequest.Parser, StartResponse.Parser, service.Start)
            .Unary(Service + nameof(service.Delete), DeleteTaskRequest.Parser, DeleteResponse.Parser, service.Delete)
            .Unary(Service + nameof(service.DeleteProcess), DeleteProcessRequest.Parser, DeleteResponse.Parser, service.DeleteProcess)
            .Unary(Service + nameof(service.Get), GetRequest.Parser, GetResponse.Parser, service.Get)
            .Unary(Service + nameof(service.List), ListTasksRequest.Parser, ListTasksResponse.Parser, service.List)
            .Unary(Service + nameof(service.Kill), KillRequest.Parser, Empty.Parser, service.Kill)
            .Unary(Service + nameof(service.Exec), ExecProcessRequest.Parser, Empty.Parser, service.Exec)
            .Unary(Service + nameof(service.ResizePty), ResizePtyRequest.Parser, Empty.Parser, service.ResizePty)
            .Unary(Service + nameof(service.CloseIO), CloseIORequest.Parser, Empty.Parser, service.CloseIO)
            .Unary(Service + nameof(service.Pause), PauseTaskRequest.Parser, Empty.Parser, service.Pause)
            .Unary(Service + nameof(service.Resume), ResumeTaskRequest.Parser, Empty.Parser, service.Resume)
            .Unary(Service + nameof(service.ListPids), ListPidsRequest.Parser, ListPidsResponse.Parser, service.ListPids)
            .Unary(Service + nameof(service.Checkpoint), CheckpointTaskRequest.Parser, CheckpointTaskResponse.Parser, service.Checkpoint)
            .Unary(Service + nameof(service.Update), UpdateTaskRequest.Parser, Empty.Parser, service.Update)
            .Unary(Service + nameof(service.Metrics), MetricsRequest.Parser, MetricsResponse.Parser, service.Metrics)
            .Unary(Service + nameof(service.Wait), WaitRequest.Parser, WaitResponse.Parser, service.Wait);
    }
}
