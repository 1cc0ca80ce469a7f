using Microsoft.AspNetCore.Server.Kestrel.Core;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Hosting;

/// <summary>The gRPC API on its unix socket: what the features have added to <see cref="ApiMethods"/>.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly string _address;
    private readonly uint? _group;
    private readonly Task<ApiCalls> _making;
    private readonly Func<ApiCalls, HttpServer> _create;
    private readonly DaemonEnd _end;
    private HttpServer? _server;
    private Task? _starting;
    private volatile bool _isDisposed;

    /// <summary>A server that does not listen yet.</summary>
    /// <param name="calls">What answers; it does not listen before that is made.</param>
    /// <param name="loggers">For the server, and what it says of its peers.</param>
    /// <param name="settings">Where, and for whom.</param>
    /// <param name="end">Begins when the server is to stop.</param>
    /// <param name="path">The same place as a claim that outlives this build; null for a socket that ends with the server.</param>
    /// <exception cref="StartupException">There is no such group.</exception>
    public ApiServer(Task<ApiCalls> calls, ILoggerFactory loggers, SupervisorSettings settings, DaemonEnd end, ListenPath? path = null)
    {
        _address = settings.Address;
        _group = SocketGroup.Find(settings.Group);
        _end = end;
        _making = calls;
        _create = made => new HttpServer(
            Options(_address, new PeerCheck(_group, loggers.CreateLogger("peers"))), made.ServiceProvider, loggers, call => Answer(made, call), path);
    }

    /// <summary>Serves, for those who may connect by the file system: our user, and the configured group. Once is enough.</summary>
    public Task StartAsync() => _starting ??= OpenAsync();

    /// <summary>Ends calls that have no end of their own, and takes no more; what is left half done the next start finds.</summary>
    /// <param name="limit">How long all others have; null for as long as at an end.</param>
    public Task StopAsync(TimeSpan? limit = null)
    {
        _end.Begin();
        return _server?.StopAsync(limit) ?? Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_starting is not null)
        {
            await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // who started it has been told
        }

        _server?.Dispose();
    }

    private static Task Answer(ApiCalls calls, HttpContext call)
    {
        CloseAfterCall.Called(call);
        return calls.AnswerAsync(call);
    }

    private async Task OpenAsync()
    {
        ApiCalls calls = await _making;
        if (_isDisposed) // what would be served could not be made
        {
            return;
        }

        _server = _create(calls);
        await _server.StartAsync();
        if (_group is uint group)
        {
            Files.SetOwner(_address, Native.Processes.CurrentProcess.EffectiveUserId, group);
        }

        Files.SetMode(_address, _group is null ? 0x180 /* 0600 */ : 0x1b0 /* 0660 */);
    }

    private static KestrelServerOptions Options(string address, PeerCheck peers)
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.Http2.MaxStreamsPerConnection = 10_000; // a Wait for each process of a client is one
        options.ListenUnixSocket(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => peers.PassAsync(connection, () => next(connection)));
            listen.Use(next => connection => LingeringClose.RunAsync(connection, next));
        });
        return options;
    }
}
