using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Api.Runc;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Running;

/// <summary>The calls that the drill makes, each with its place in the journal.</summary>
internal sealed class TaskCalls(ITarget target, DaemonClient api, DrillRecord record)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Any _options = new()
    {
        TypeUrl = TypeUrls.RuncOptions,
        Value = new Options { Root = target.Places.RuntimeRoot }.ToByteString(),
    };

    /// <summary>The record of the container, which outlives daemons.</summary>
    public Task RegisterAsync(WorkOrder order) => CallAsync(order.Name, "Containers.Create", () => api.Containers.CreateAsync(
        new CreateContainerRequest
        {
            Container = new Container
            {
                Id = order.Name,
                Runtime = new Container.Types.Runtime { Name = target.Runtime, Options = _options },
                Spec = OciDocument.Pack(
                    TypeUrls.OciSpec, WorkSpec
                        .Container(order, target.Places.Rootfs, target.Places.Truth, target.Places.CgroupOf(order.Name))),
            },
        },
        deadline: Deadline));

    public async Task<int> CreateAsync(LiveProcess process)
    {
        CreateTaskRequest request = new()
        {
            ContainerId = process.Subject.Name,
            Stdout = process.OutputPath,
            Stderr = process.ErrorPath,
            Options = _options,
        };
        return (int)(await CallAsync(process.Subject.Name, "Create", () => api.Tasks.CreateAsync(request, deadline: Deadline))).Pid;
    }

    public Task AddExecAsync(LiveProcess process) => CallAsync(process.Subject.Name, "Exec", () => api.Tasks.ExecAsync(
        new ExecProcessRequest
        {
            ContainerId = process.Subject.Container,
            ExecId = process.Subject.Name,
            Stdout = process.OutputPath,
            Stderr = process.ErrorPath,
            Spec = OciDocument.Pack(TypeUrls.OciProcess, WorkSpec.Process(process.Subject.Order)),
        },
        deadline: Deadline));

    public async Task<int> StartAsync(Subject subject)
    {
        StartRequest request = new() { ContainerId = subject.Container, ExecId = ExecOf(subject) };
        return (int)(await CallAsync(subject.Name, "Start", () => api.Tasks.StartAsync(request, deadline: Deadline))).Pid;
    }

    public Task KillAsync(Subject subject, Native.Processes.Signal signal) =>
        CallAsync(subject.Name, $"Kill {signal}", () => api.Tasks.KillAsync(
        new KillRequest { ContainerId = subject.Container, ExecId = ExecOf(subject), Signal = (uint)signal }, deadline: Deadline));

    public Task PauseAsync(Subject subject) =>
        CallAsync(subject.Name, "Pause", () =>
            api.Tasks.PauseAsync(new PauseTaskRequest { ContainerId = subject.Name }, deadline: Deadline));

    public Task ResumeAsync(Subject subject) =>
        CallAsync(subject.Name, "Resume", () =>
            api.Tasks.ResumeAsync(new ResumeTaskRequest { ContainerId = subject.Name }, deadline: Deadline));

    public Task DeleteAsync(Subject subject) => CallAsync(subject.Name, "Delete", () => subject.IsInit
        ? api.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = subject.Name }, deadline: Deadline)
        : api.Tasks.DeleteProcessAsync(new DeleteProcessRequest { ContainerId = subject.Container, ExecId = subject.Name },
            deadline: Deadline));

    public Task UnregisterAsync(Subject subject) => CallAsync(
        subject.Name, "Containers.Delete", () =>
            api.Containers.DeleteAsync(new DeleteContainerRequest { Id = subject.Name }, deadline: Deadline));

    /// <summary>What the daemon knows of it; null if nothing.</summary>
    public async Task<Process?> TryGetAsync(Subject subject)
    {
        try
        {
            return (await api.Tasks
                .GetAsync(new GetRequest { ContainerId = subject.Container, ExecId = ExecOf(subject) }, deadline: Deadline)).Process;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static DateTime Deadline => TimeProvider.System.GetUtcNow().Add(Limit).UtcDateTime;

    private static string ExecOf(Subject subject) => subject.IsInit ? "" : subject.Name;

    private async Task<T> CallAsync<T>(string name, string what, Func<AsyncUnaryCall<T>> call)
    {
        record.Note(EntryKind.Call, name, $"{what} is sent");
        try
        {
            T answer = await call();
            record.Note(EntryKind.Call, name, $"{what} is answered");
            return answer;
        }
        catch (RpcException e)
        {
            record.Note(EntryKind.Call, name,
                ConnectionLoss.Is(e) ? $"{what} is cut" : $"{what} is refused: {e.StatusCode}, {e.Status.Detail}");
            throw;
        }
    }
}
