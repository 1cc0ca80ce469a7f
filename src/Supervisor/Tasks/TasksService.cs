using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Restart;
using CreateRequest = ShimStack.Api.Daemon.CreateTaskRequest;
using CreateResponse = ShimStack.Api.Daemon.CreateTaskResponse;
using DeleteReply = ShimStack.Api.Daemon.DeleteResponse;
using DeleteRequest = ShimStack.Api.Task.DeleteRequest;
using ShimApi = ShimStack.Api.Task;
using ShimDeleted = ShimStack.Api.Task.DeleteResponse;
using UpdateRequest = ShimStack.Api.Daemon.UpdateTaskRequest;

namespace ShimStack.Supervisor.Tasks;

/// <summary>containerd.services.tasks.v1.Tasks: each call finds its task and goes to the shim of it. What only reads is in <see cref="TaskQueries"/>.</summary>
internal sealed class TasksService(TaskTable tasks, ContainerStore containers, TaskCreation creation, TaskDeletion deletion, TaskStart start, ShimCalls calls, TaskQueries queries, TaskWait wait, ProcessRecords processes, Restarts restarts)
    : Api.Daemon.Tasks.TasksBase
{
    public override async Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        string nameSpace = RequestNamespace.Of(context);
        Identifier.Require("task id", request.ContainerId);
        Container container = await containers.GetAsync(nameSpace, request.ContainerId);
        uint pid = await creation.CreateAsync(container, nameSpace, request, isRestart: false, context.CancellationToken);
        return new CreateResponse { ContainerId = request.ContainerId, Pid = pid };
    }

    public override async Task<Api.Daemon.StartResponse> Start(Api.Daemon.StartRequest request, ServerCallContext context)
    {
        SupervisedTask task = tasks.Get(RequestNamespace.Of(context), request.ContainerId);
        bool isRecorded = request.ExecId.Length == 0 && await restarts.TryRecordStartAsync(task, context.CancellationToken);
        try
        {
            return new Api.Daemon.StartResponse { Pid = await start.StartAsync(task, request.ExecId, context.CancellationToken) };
        }
        catch (Ttrpc.RpcException e) when (isRecorded)
        {
            await restarts.TakeBackStartAsync(task, e);
            throw;
        }
    }

    public override async Task<DeleteReply> Delete(DeleteTaskRequest request, ServerCallContext context)
    {
        ShimDeleted deleted = await deletion.DeleteAsync(tasks.Get(RequestNamespace.Of(context), request.ContainerId), context.CancellationToken);
        return new DeleteReply { Pid = deleted.Pid, ExitStatus = deleted.ExitStatus, ExitedAt = deleted.ExitedAt };
    }

    public override async Task<DeleteReply> DeleteProcess(DeleteProcessRequest request, ServerCallContext context)
    {
        Identifier.Require("exec id", request.ExecId);
        DeleteRequest delete = new() { Id = request.ContainerId, ExecId = request.ExecId };
        ShimDeleted deleted = await calls.AskAsync(
            tasks.Get(RequestNamespace.Of(context), request.ContainerId),
            shim => shim.CallAsync(TaskServices.Delete, delete, ShimDeleted.Parser, context.CancellationToken),
            context.CancellationToken);
        await processes.ForgetProcessAsync(RequestNamespace.Of(context), request.ContainerId, request.ExecId); // no event tells of it
        return new DeleteReply { Id = request.ExecId, Pid = deleted.Pid, ExitStatus = deleted.ExitStatus, ExitedAt = deleted.ExitedAt };
    }

    public override async Task<GetResponse> Get(GetRequest request, ServerCallContext context) => new()
    {
        Process = await queries.GetAsync(tasks.Get(RequestNamespace.Of(context), request.ContainerId), request.ExecId, context.CancellationToken),
    };

    public override async Task<ListTasksResponse> List(ListTasksRequest request, ServerCallContext context)
    {
        ListTasksResponse response = new();
        response.Tasks.AddRange(await queries.ListAsync(RequestNamespace.Of(context), context.CancellationToken));
        return response;
    }

    public override async Task<ListPidsResponse> ListPids(ListPidsRequest request, ServerCallContext context)
    {
        PidsRequest pids = new() { Id = request.ContainerId };
        PidsResponse found = await calls.AskAsync(
            tasks.Get(RequestNamespace.Of(context), request.ContainerId),
            shim => shim.CallAsync(TaskServices.Pids, pids, PidsResponse.Parser, context.CancellationToken),
            context.CancellationToken);
        ListPidsResponse response = new();
        response.Processes.AddRange(found.Processes);
        return response;
    }

    public override Task<Empty> Kill(Api.Daemon.KillRequest request, ServerCallContext context) => PassOnAsync(
        TaskServices.Kill,
        request.ContainerId,
        new ShimApi.KillRequest { Id = request.ContainerId, ExecId = request.ExecId, Signal = request.Signal, All = request.All },
        context);

    public override Task<Empty> Exec(Api.Daemon.ExecProcessRequest request, ServerCallContext context)
    {
        Identifier.Require("exec id", request.ExecId);
        return PassOnAsync(
            TaskServices.Exec,
            request.ContainerId,
            new ShimApi.ExecProcessRequest
            {
                Id = request.ContainerId,
                ExecId = request.ExecId,
                Terminal = request.Terminal,
                Stdin = request.Stdin,
                Stdout = request.Stdout,
                Stderr = request.Stderr,
                Spec = request.Spec,
            },
            context);
    }

    public override Task<Empty> ResizePty(Api.Daemon.ResizePtyRequest request, ServerCallContext context) => PassOnAsync(
        TaskServices.ResizePty,
        request.ContainerId,
        new ShimApi.ResizePtyRequest { Id = request.ContainerId, ExecId = request.ExecId, Width = request.Width, Height = request.Height },
        context);

    public override Task<Empty> CloseIO(Api.Daemon.CloseIORequest request, ServerCallContext context) => PassOnAsync(
        TaskServices.CloseIO,
        request.ContainerId,
        new ShimApi.CloseIORequest { Id = request.ContainerId, ExecId = request.ExecId, Stdin = request.Stdin },
        context);

    public override Task<Empty> Pause(PauseTaskRequest request, ServerCallContext context) =>
        PassOnAsync(TaskServices.Pause, request.ContainerId, new PauseRequest { Id = request.ContainerId }, context);

    public override Task<Empty> Resume(ResumeTaskRequest request, ServerCallContext context) =>
        PassOnAsync(TaskServices.Resume, request.ContainerId, new ResumeRequest { Id = request.ContainerId }, context);

    public override Task<Empty> Update(UpdateRequest request, ServerCallContext context)
    {
        ShimApi.UpdateTaskRequest update = new() { Id = request.ContainerId, Resources = request.Resources };
        update.Annotations.Add(request.Annotations);
        return PassOnAsync(TaskServices.Update, request.ContainerId, update, context);
    }

    public override async Task<CheckpointTaskResponse> Checkpoint(Api.Daemon.CheckpointTaskRequest request, ServerCallContext context)
    {
        ShimApi.CheckpointTaskRequest checkpoint = new()
        {
            Id = request.ContainerId,
            Path = CheckpointPath.Of(request.Options),
            Options = request.Options,
        };
        await PassOnAsync(TaskServices.Checkpoint, request.ContainerId, checkpoint, context);
        return new CheckpointTaskResponse();
    }

    public override async Task<MetricsResponse> Metrics(MetricsRequest request, ServerCallContext context)
    {
        MetricsResponse response = new();
        response.Metrics.AddRange(await queries.MetricsAsync(RequestNamespace.Of(context), request.Filters, context.CancellationToken));
        return response;
    }

    public override Task<Api.Daemon.WaitResponse> Wait(Api.Daemon.WaitRequest request, ServerCallContext context) =>
        wait.WaitAsync(tasks.Get(RequestNamespace.Of(context), request.ContainerId), request.ExecId, context.CancellationToken);

    private Task<Empty> PassOnAsync<T>(string method, string id, T request, ServerCallContext context)
        where T : Google.Protobuf.IMessage<T> => calls.AskAsync(
            tasks.Get(RequestNamespace.Of(context), id),
            shim => shim.CallAsync(method, request, Empty.Parser, context.CancellationToken),
            context.CancellationToken);
}
