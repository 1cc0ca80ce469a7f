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
using Signal = ShimStack.Native.Processes.Signal;

namespace ShimStack.Drill.Apis;

/// <summary>containerd's API, which shimstackd speaks as well.</summary>
internal sealed class ContainerdApi(ITarget target) : IDaemonApi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DaemonClient _api = new(target.Places.Socket, target.Places.Name);
    private readonly Any _options = new()
    {
        TypeUrl = TypeUrls.RuncOptions,
        Value = new Options { Root = target.Places.RuntimeRoot, BinaryName = target.Places.RuntimeProgram }.ToByteString(),
    };

    public async Task PrepareAsync(CancellationToken stop)
    {
        try
        {
            CreateNamespaceRequest request = new() { Namespace = new Namespace { Name = target.Places.Namespace } };
            await _api.Namespaces.CreateAsync(request, cancellationToken: stop);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // It was made for a first container.
        }
    }

    public async Task PingAsync(CancellationToken stop) => await _api.Version.VersionAsync(new Empty(), cancellationToken: stop);

    public async Task RegisterAsync(Subject subject)
    {
        Container container = new()
        {
            Id = subject.Name,
            Runtime = new Container.Types.Runtime { Name = target.Runtime, Options = _options },
            Spec = OciDocument.Pack(TypeUrls.OciSpec, WorkSpec.Container(subject.Order, target.Places)),
        };
        await _api.Containers.CreateAsync(new CreateContainerRequest { Container = container }, deadline: Deadline);
    }

    public async Task<int> CreateAsync(Subject subject, StreamPaths streams) => (int)(await _api.Tasks.CreateAsync(
        new CreateTaskRequest { ContainerId = subject.Name, Stdout = streams.Output, Stderr = streams.Errors, Options = _options },
        deadline: Deadline)).Pid;

    public async Task AddExecAsync(Subject subject, StreamPaths streams)
    {
        ExecProcessRequest request = new()
        {
            ContainerId = subject.Container,
            ExecId = subject.Name,
            Stdout = streams.Output,
            Stderr = streams.Errors,
            Spec = OciDocument.Pack(TypeUrls.OciProcess, WorkSpec.Process(subject.Order)),
        };
        await _api.Tasks.ExecAsync(request, deadline: Deadline);
    }

    public async Task<int> StartAsync(Subject subject) => (int)(await _api.Tasks.StartAsync(
        new StartRequest { ContainerId = subject.Container, ExecId = subject.ExecId }, deadline: Deadline)).Pid;

    public async Task KillAsync(Subject subject, Signal signal) => await _api.Tasks.KillAsync(
        new KillRequest { ContainerId = subject.Container, ExecId = subject.ExecId, Signal = (uint)signal }, deadline: Deadline);

    public async Task PauseAsync(Subject subject) =>
        await _api.Tasks.PauseAsync(new PauseTaskRequest { ContainerId = subject.Name }, deadline: Deadline);

    public async Task ResumeAsync(Subject subject) =>
        await _api.Tasks.ResumeAsync(new ResumeTaskRequest { ContainerId = subject.Name }, deadline: Deadline);

    public async Task DeleteAsync(Subject subject) => await (subject.IsInit
        ? _api.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = subject.Name }, deadline: Deadline)
        : _api.Tasks.DeleteProcessAsync(
            new DeleteProcessRequest { ContainerId = subject.Container, ExecId = subject.Name }, deadline: Deadline));

    public async Task UnregisterAsync(Subject subject) =>
        await _api.Containers.DeleteAsync(new DeleteContainerRequest { Id = subject.Name }, deadline: Deadline);

    public async Task<KnownProcess?> TryGetAsync(Subject subject)
    {
        try
        {
            GetRequest request = new() { ContainerId = subject.Container, ExecId = subject.ExecId };
            return Known((await _api.Tasks.GetAsync(request, deadline: Deadline)).Process);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyDictionary<string, KnownProcess>> ListAsync(CancellationToken stop) =>
        (await _api.Tasks.ListAsync(new ListTasksRequest(), cancellationToken: stop)).Tasks
            .GroupBy(static task => task.Id)
            .ToDictionary(static group => group.Key, static group => Known(group.First()));

    public async Task<ToldExit> WaitAsync(Subject subject, bool isAgain, CancellationToken stop)
    {
        WaitRequest request = new() { ContainerId = subject.Container, ExecId = subject.ExecId };
        WaitResponse answer = await _api.Tasks.WaitAsync(request, cancellationToken: stop);
        return new ToldExit((int)answer.ExitStatus, answer.ExitedAt?.ToDateTimeOffset());
    }

    public async Task FollowAsync(Action<ToldEvent> take, CancellationToken stop)
    {
        using AsyncServerStreamingCall<Envelope> call = _api.Events.Subscribe(new SubscribeRequest(), cancellationToken: stop);
        while (await call.ResponseStream.MoveNext(stop))
        {
            // Of a daemon that is not the drill's alone others are told of, too.
            Envelope one = call.ResponseStream.Current;
            if (one.Namespace == target.Places.Namespace && TaskEvents.TryRead(one.Topic, one.Event.Value) is ToldEvent told)
            {
                take(told);
            }
        }
    }

    public void Dispose() => _api.Dispose();

    private static DateTime Deadline => TimeProvider.System.GetUtcNow().Add(Limit).UtcDateTime;

    private static KnownProcess Known(Process process) => new((int)process.Pid, process.Status.ToString().ToLowerInvariant());
}
