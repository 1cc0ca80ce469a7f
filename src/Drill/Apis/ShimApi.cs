using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.Api.Task;
using ShimStack.Client;
using ShimStack.Drill.Record;
using ShimStack.Drill.ShimHost;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;
using RpcException = Grpc.Core.RpcException;
using Signal = ShimStack.Native.Processes.Signal;
using Status = Grpc.Core.Status;

namespace ShimStack.Drill.Apis;

/// <summary>A shim, by the Task service that daemons call. The daemon between is the drill's own.</summary>
internal sealed class ShimApi(ShimDaemon daemon, TargetPlaces places) : IDaemonApi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Any _options = new()
    {
        TypeUrl = TypeUrls.RuncOptions,
        Value = new Options { Root = places.RuntimeRoot, BinaryName = places.RuntimeProgram }.ToByteString(),
    };

    public Task PrepareAsync(CancellationToken stop) => Task.CompletedTask;

    public Task PingAsync(CancellationToken stop) => AskedAsync(() => Task.FromResult(true), stop);

    public Task RegisterAsync(Subject subject) => Task.CompletedTask;

    public Task<int> CreateAsync(Subject subject, StreamPaths streams) => AskedAsync(async () =>
    {
        CancellationToken life = daemon.Life;
        HostedShim shim = await daemon.LaunchAsync(subject);
        CreateTaskRequest request = new()
        {
            Id = subject.Name,
            Bundle = shim.Bundle,
            Stdout = streams.Output,
            Stderr = streams.Errors,
            Options = _options,
        };
        try
        {
            using CancellationTokenSource limit = new(Limit);
            return (int)(await shim.CallAsync(TaskServices.Create, request, CreateTaskResponse.Parser, limit.Token)).Pid;
        }
        catch (Ttrpc.RpcException) when (!life.IsCancellationRequested)
        {
            await daemon.ForgetAsync(shim);
            throw;
        }
    }, CancellationToken.None);

    public Task AddExecAsync(Subject subject, StreamPaths streams) => CallAsync(subject, TaskServices.Exec, new ExecProcessRequest
    {
        Id = subject.Container,
        ExecId = subject.Name,
        Stdout = streams.Output,
        Stderr = streams.Errors,
        Spec = OciDocument.Pack(TypeUrls.OciProcess, WorkSpec.Process(subject.Order)),
    });

    public async Task<int> StartAsync(Subject subject) => (int)(await CallAsync(
        subject, TaskServices.Start, new StartRequest { Id = subject.Container, ExecId = subject.ExecId }, StartResponse.Parser)).Pid;

    public Task KillAsync(Subject subject, Signal signal) => CallAsync(
        subject, TaskServices.Kill, new KillRequest { Id = subject.Container, ExecId = subject.ExecId, Signal = (uint)signal });

    public Task PauseAsync(Subject subject) => CallAsync(subject, TaskServices.Pause, new PauseRequest { Id = subject.Name });

    public Task ResumeAsync(Subject subject) => CallAsync(subject, TaskServices.Resume, new ResumeRequest { Id = subject.Name });

    public async Task DeleteAsync(Subject subject)
    {
        DeleteRequest request = new() { Id = subject.Container, ExecId = subject.ExecId };
        try
        {
            await CallAsync(subject, TaskServices.Delete, request, DeleteResponse.Parser);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound && subject.IsInit)
        {
            // The container went with an earlier call, its shim did not.
        }

        if (subject.IsInit)
        {
            await AskedAsync(async () =>
            {
                await daemon.ForgetAsync(daemon.Find(subject.Name));
                return true;
            }, CancellationToken.None);
        }
    }

    public Task UnregisterAsync(Subject subject) => Task.CompletedTask;

    public async Task<KnownProcess?> TryGetAsync(Subject subject)
    {
        try
        {
            StateRequest request = new() { Id = subject.Container, ExecId = subject.ExecId };
            return Known(await CallAsync(subject, TaskServices.State, request, StateResponse.Parser));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<IReadOnlyDictionary<string, KnownProcess>> ListAsync(CancellationToken stop) => AskedAsync(async () =>
    {
        Dictionary<string, KnownProcess> known = [];
        foreach (HostedShim shim in daemon.Shims)
        {
            try
            {
                StateRequest request = new() { Id = shim.Id };
                known[shim.Id] = Known(await shim.CallAsync(TaskServices.State, request, StateResponse.Parser, stop));
            }
            catch (Ttrpc.RpcException)
            {
                // It dies, or is deleted just now: a list has what answers.
            }
        }

        return (IReadOnlyDictionary<string, KnownProcess>)known;
    }, stop);

    public async Task<ToldExit> WaitAsync(Subject subject, bool isAgain, CancellationToken stop)
    {
        WaitRequest request = new() { Id = subject.Container, ExecId = subject.ExecId };
        WaitResponse answer = await AskedAsync(
            () => daemon.Find(subject.Container).CallAsync(TaskServices.Wait, request, WaitResponse.Parser, stop), stop);
        return new ToldExit((int)answer.ExitStatus, answer.ExitedAt?.ToDateTimeOffset());
    }

    public async Task FollowAsync(Action<ToldEvent> take, CancellationToken stop)
    {
        await PingAsync(stop);
        daemon.Told += take;
        try
        {
            await daemon.End.WaitAsync(stop);
        }
        finally
        {
            daemon.Told -= take;
        }
    }

    public void Dispose()
    {
        // The daemon is the target's.
    }

    private static KnownProcess Known(StateResponse state) => new((int)state.Pid, state.Status.ToString().ToLowerInvariant());

    private Task<Empty> CallAsync<TRequest>(Subject subject, string method, TRequest request)
        where TRequest : IMessage<TRequest> => CallAsync(subject, method, request, Empty.Parser);

    private Task<TResponse> CallAsync<TRequest, TResponse>(
        Subject subject, string method, TRequest request, MessageParser<TResponse> parser)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => AskedAsync(async () =>
        {
            using CancellationTokenSource limit = new(Limit);
            return await daemon.Find(subject.Container).CallAsync(method, request, parser, limit.Token);
        }, CancellationToken.None);

    // What is under way when the daemon goes is cut, whatever becomes of it.
    private async Task<T> AskedAsync<T>(Func<Task<T>> question, CancellationToken stop)
    {
        try
        {
            await daemon.AnswerAsync(stop);
            Task end = daemon.End;
            Task<T> answer = question();
            if (await Task.WhenAny(answer, end) == end && !answer.IsCompleted)
            {
                _ = answer.ContinueWith(static late => late.Exception, TaskScheduler.Default);
                throw new RpcException(new Status(StatusCode.Unavailable, "the daemon is gone"));
            }

            return await answer;
        }
        catch (Ttrpc.RpcException e)
        {
            throw new RpcException(new Status((StatusCode)(int)e.Code, e.Message, e));
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"no answer in {Limit.TotalSeconds:0} s", e));
        }
    }
}
