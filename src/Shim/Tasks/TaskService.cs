using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Shim.Cgroups;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>
/// The Task service, under both names that daemons use (the messages are the same). What is not offered answers
/// Unimplemented, on which daemons' own fallbacks depend.
/// </summary>
internal sealed class TaskService(TaskParts parts, Action shutdown)
{
    private readonly TaskQueries _queries = new(parts.Tasks);
    private readonly TaskStats _stats = new(parts.Tasks);
    private readonly TaskCreation _creation = new(parts);
    private readonly ProcessStart _start = new(parts);
    private readonly ExecCreation _exec = new(parts);
    private readonly ProcessKill _kill = new(parts);
    private readonly ProcessDeletion _deletion = new(parts);
    private readonly TaskFreeze _freeze = new(parts);
    private readonly TaskUpdate _update = new(parts);
    private readonly TaskCheckpoint _checkpoint = new(parts);
    private readonly TaskShutdown _shutdown = new(parts.Tasks, parts.Time, shutdown);

    public void AddTo(TtrpcServer server)
    {
        AddTo(server, TaskServices.V2);
        AddTo(server, TaskServices.V3);
    }

    private void AddTo(TtrpcServer server, string service)
    {
        server.AddMethod(service, TaskServices.Create, CreateTaskRequest.Parser, _creation.CreateAsync);
        server.AddMethod(service, TaskServices.Start, StartRequest.Parser, _start.StartAsync);
        server.AddMethod(service, TaskServices.Exec, ExecProcessRequest.Parser, _exec.ExecAsync);
        server.AddMethod(service, TaskServices.Kill, KillRequest.Parser, _kill.KillAsync);
        server.AddMethod(service, TaskServices.Delete, DeleteRequest.Parser, _deletion.DeleteAsync);
        server.AddMethod(service, TaskServices.Pause, PauseRequest.Parser, _freeze.PauseAsync);
        server.AddMethod(service, TaskServices.Resume, ResumeRequest.Parser, _freeze.ResumeAsync);
        server.AddMethod(service, TaskServices.Update, UpdateTaskRequest.Parser, _update.UpdateAsync);
        server.AddMethod(service, TaskServices.Checkpoint, CheckpointTaskRequest.Parser, _checkpoint.CheckpointAsync);
        server.AddMethod(service, TaskServices.Wait, WaitRequest.Parser, WaitAsync);
        server.AddMethod(service, TaskServices.State, StateRequest.Parser, (request, _) => ValueTask.FromResult(_queries.State(request)));
        server.AddMethod(service, TaskServices.Pids, PidsRequest.Parser, (request, _) => ValueTask.FromResult(_queries.Pids(request)));
        server.AddMethod(service, TaskServices.Stats, StatsRequest.Parser, (request, _) => ValueTask.FromResult(_stats.Stats(request)));
        server.AddMethod(service, TaskServices.Connect, ConnectRequest.Parser, (request, _) => ValueTask.FromResult(_queries.Connect(request)));
        server.AddMethod(service, TaskServices.CloseIO, CloseIORequest.Parser, (request, _) => ValueTask.FromResult(CloseIO(request)));
        server.AddMethod(service, TaskServices.ResizePty, ResizePtyRequest.Parser, (request, _) => ValueTask.FromResult(ResizePty(request)));
        server.AddMethod(service, TaskServices.Shutdown, ShutdownRequest.Parser, (_, _) => ValueTask.FromResult(Shutdown()));
    }

    /// <summary>Answered when the process has ended; an open Wait is nothing but its request and can be asked again elsewhere.</summary>
    private async ValueTask<WaitResponse> WaitAsync(WaitRequest request, ServerCallContext call)
    {
        TaskProcess process = parts.Tasks.Get(request.Id).Process(request.ExecId);
        ExitStatus exit = await process.Exited.WaitAsync(call.Cancellation);
        return new WaitResponse { ExitStatus = exit.Code, ExitedAt = exit.At.ToTimestamp() };
    }

    private Empty CloseIO(CloseIORequest request)
    {
        parts.Tasks.Get(request.Id).Process(request.ExecId).CloseInput();
        return new Empty();
    }

    private Empty ResizePty(ResizePtyRequest request)
    {
        TaskProcess process = parts.Tasks.Get(request.Id).Process(request.ExecId);
        if (process.Exit is not null)
        {
            throw RpcException.Unknown("cannot resize a stopped container");
        }

        process.Stdio?.Resize(request.Width, request.Height);
        return new Empty();
    }

    private Empty Shutdown()
    {
        _shutdown.Ask();
        return new Empty();
    }
}
