namespace ShimStack.Supervisor.Hosting;

/// <summary>Finds who answers a call: its path is its whole name, so a table does what a router is for.</summary>
internal sealed class ApiCalls : IEndpointRouteBuilder
{
    private readonly Dictionary<string, RequestDelegate> _calls = new(StringComparer.Ordinal);
    private readonly AbsentServices _absent;

    /// <summary>The calls of <see cref="ApiMethods"/>, made by gRPC.</summary>
    public ApiCalls(IServiceProvider services)
    {
        ServiceProvider = services;
        this.MapGrpcService<ApiMethods>();
        foreach (RouteEndpoint endpoint in DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            _calls.Add(endpoint.RoutePattern.RawText!, endpoint.RequestDelegate!);
        }

        _absent = new AbsentServices(_calls.Keys);
    }

    public IServiceProvider ServiceProvider { get; }

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context) =>
        _calls.TryGetValue(context.Request.Path.Value ?? "", out RequestDelegate? call) ? call(context) : _absent.AnswerAsync(context);
}
