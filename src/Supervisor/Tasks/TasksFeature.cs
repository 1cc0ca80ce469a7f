using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Restart;
using ShimStack.Supervisor.Shims;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Tasks, and the shims below them.</summary>
internal sealed class TasksFeature
{
    private const string Service = "containerd.services.tasks.v1.Tasks/";

    private readonly DaemonSurroundings _around;
    private readonly EventsFeature _events;
    private readonly ShimCalls _calls;

    public TasksFeature(DaemonSurroundings around, Children children, DescriptorLoop loop, EventsFeature events)
    {
        (_around, _events) = (around, events);
        Bundles = new Bundles(around.Settings);
        Binaries = new RuntimeBinary(around.Settings);
        Orphans = new OrphanExits(children, around.Time);
        ShimCommand command = new(around.Settings, children, Starts, around.Logger<ShimCommand>());
        Runtimes = new ShimInfo(Binaries, command);
        Parking = new ParkingFeature(around, children, loop, command, events.Processes);
        _calls = new ShimCalls(Parking.Replacement);
        Queries = new TaskQueries(Table, _calls, around.Time, around.Logger<TaskQueries>());
        TaskRemoval removal = new(Table, command, Parking.Replacement, around.Logger<TaskRemoval>());
        Loss = new TaskLoss(removal, events.Journal, events.Processes, Orphans, around.Time, around.Logger<TaskLoss>());
        Undo = new TaskUndo(removal, around.Settings, around.Logger<TaskUndo>());
        Connector = new ShimConnector(
            new ShimLogs(loop, around.Logger<ShimLogs>()), Parking.Replacement, Loss, around.Time, around.Logger<ShimConnector>());
        Deletion = new TaskDeletion(_calls, removal, events.Processes, around.Logger<TaskDeletion>());
        Creation = new TaskCreation(
            Table, Bundles, Binaries, new RuntimeOptions(around.Settings), command, Connector, Parking.Replacement, Undo, around.Time);
    }

    public TaskTable Table { get; } = new();

    public Bundles Bundles { get; }

    public RuntimeBinary Binaries { get; }

    public IRuntimeInfo Runtimes { get; }

    public ShimStarts Starts { get; } = new();

    public OrphanExits Orphans { get; }

    public ParkingFeature Parking { get; }

    public TaskQueries Queries { get; }

    public ShimConnector Connector { get; }

    public TaskCreation Creation { get; }

    public TaskDeletion Deletion { get; }

    public TaskLoss Loss { get; }

    public TaskUndo Undo { get; }

    /// <summary>Adds the calls; when there is something that starts tasks again, which is made of the parts above.</summary>
    public void Serve(ContainersFeature containers, RestartFeature restarts)
    {
        TasksService service = new(
            Table, containers.Store, Creation, Deletion, new TaskStart(_calls, Parking.Replacement), _calls, Queries, new TaskWait(_calls, _around.End), _events.Processes,
            restarts.Restarts);
        _around.Api
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
