using System.Collections.Concurrent;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Finds who answers a call: its path is its whole name, so a table does what a router is for. A call is made by gRPC when it is first asked for.</summary>
internal sealed class ApiCalls(ApiMethods methods, ILoggerFactory loggers) : IEndpointRouteBuilder, IAsyncDisposable
{
    private readonly ServiceProvider _services = ApiServices.Create(methods, loggers);
    private readonly ConcurrentDictionary<string, RequestDelegate> _calls = new(StringComparer.Ordinal);
    private readonly AbsentServices _absent = new(methods);
    private readonly Lock _gate = new();

    public IServiceProvider ServiceProvider => _services;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);

    /// <summary>Answers a request; one for what is not here is looked for again when the daemon is whole.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        RequestDelegate? call = _calls.GetValueOrDefault(path) ?? Make(path);
        return call is not null ? call(context) : methods.Edge.Whole.IsCompleted ? _absent.AnswerAsync(context) : AnswerLaterAsync(context);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Makes a call before anybody asks for it.</summary>
    /// <returns>It; null if it is not here.</returns>
    public RequestDelegate? Make(string path)
    {
        lock (_gate)
        {
            if (!methods.Choose(path))
            {
                return null;
            }

            DataSources.Clear();
            this.MapGrpcService<ApiMethods>();
            RouteEndpoint endpoint = DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Single();
            return _calls.GetOrAdd(path, endpoint.RequestDelegate!);
        }
    }

    private async Task AnswerLaterAsync(HttpContext context)
    {
        await methods.Edge.Whole.WaitAsync(context.RequestAborted);
        await AnswerAsync(context);
    }
}
