using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Ttrpc;

namespace ShimStack.ShimDriver.Shims;

/// <summary>A connection to a shim's Task service.</summary>
public sealed class TaskClient : IAsyncDisposable
{
    private const string NamespaceKey = "containerd-namespace-ttrpc";

    private readonly TtrpcClient _client;
    private readonly TtrpcCallOptions _options;
    private readonly string _service;

    private TaskClient(TtrpcClient client, string service, TtrpcCallOptions options) => (_client, _service, _options) = (client, service, options);

    /// <summary>Ends when the connection is gone.</summary>
    public Task Completion => _client.Completion;

    /// <summary>Connects to the socket of a shim.</summary>
    /// <param name="path">Of the socket.</param>
    /// <param name="service">One of <see cref="TaskServices"/>.</param>
    /// <param name="containerdNamespace">Goes along with each call.</param>
    /// <param name="timeout">Deadline of each call but Wait.</param>
    /// <param name="cancellation">Of the connecting.</param>
    public static async Task<TaskClient> ConnectAsync(
        string path, string service, string containerdNamespace, TimeSpan timeout, CancellationToken cancellation = default)
    {
        TtrpcClient client = await TtrpcConnector.ConnectAsync(path, cancellation: cancellation);
        var options = new TtrpcCallOptions { Timeout = timeout, Metadata = [KeyValuePair.Create(NamespaceKey, containerdNamespace)] };
        return new TaskClient(client, service, options);
    }

    public Task<CreateTaskResponse> CreateAsync(CreateTaskRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Create, request, CreateTaskResponse.Parser, cancellation);

    public Task<StartResponse> StartAsync(StartRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Start, request, StartResponse.Parser, cancellation);

    public Task<Empty> ExecAsync(ExecProcessRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Exec, request, Empty.Parser, cancellation);

    public Task<DeleteResponse> DeleteAsync(DeleteRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Delete, request, DeleteResponse.Parser, cancellation);

    public Task<Empty> KillAsync(KillRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Kill, request, Empty.Parser, cancellation);

    public Task<StateResponse> StateAsync(StateRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.State, request, StateResponse.Parser, cancellation);

    public Task<PidsResponse> PidsAsync(PidsRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Pids, request, PidsResponse.Parser, cancellation);

    public Task<Empty> CloseIOAsync(CloseIORequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.CloseIO, request, Empty.Parser, cancellation);

    public Task<Empty> ResizePtyAsync(ResizePtyRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.ResizePty, request, Empty.Parser, cancellation);

    public Task<Empty> PauseAsync(PauseRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Pause, request, Empty.Parser, cancellation);

    public Task<Empty> ResumeAsync(ResumeRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Resume, request, Empty.Parser, cancellation);

    public Task<Empty> UpdateAsync(UpdateTaskRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Update, request, Empty.Parser, cancellation);

    public Task<StatsResponse> StatsAsync(StatsRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Stats, request, StatsResponse.Parser, cancellation);

    public Task<ConnectResponse> ConnectAsync(ConnectRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Connect, request, ConnectResponse.Parser, cancellation);

    public Task<Empty> ShutdownAsync(ShutdownRequest request, CancellationToken cancellation = default) =>
        CallAsync(TaskServices.Shutdown, request, Empty.Parser, cancellation);

    /// <summary>Waits for the end of a process; has no deadline.</summary>
    public Task<WaitResponse> WaitAsync(WaitRequest request, CancellationToken cancellation = default) =>
        _client.CallAsync(_service, TaskServices.Wait, request, WaitResponse.Parser, _options with { Timeout = null }, cancellation);

    /// <summary>Any method, for what the typed ones do not offer.</summary>
    public Task<TResponse> CallAsync<TRequest, TResponse>(
        string method, TRequest request, MessageParser<TResponse> parser, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _client.CallAsync(_service, method, request, parser, _options, cancellation);

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
