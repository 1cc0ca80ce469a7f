using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// Kestrel, put together by hand: what the web framework's host would add (configuration, console, signals, its container's open generics) was
/// half of the time of a start.
/// </summary>
/// <param name="options">Where it listens, and by which limits.</param>
/// <param name="services">What requests and their protocols need.</param>
/// <param name="answer">Answers all requests.</param>
internal sealed class HttpServer(KestrelServerOptions options, IServiceProvider services, RequestDelegate answer) : IDisposable
{
    /// <summary>Requests that are open at the end have this long to be answered.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private readonly KestrelServer _kestrel = Create(options, services.GetRequiredService<ILoggerFactory>());

    /// <summary>Serves from now on.</summary>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public Task StartAsync()
    {
        options.ApplicationServices = services;
        return _kestrel.StartAsync(new HttpApplication(services, answer), CancellationToken.None);
    }

    /// <summary>Takes no more requests; those that are still open after <see cref="EndLimit"/> are cut off.</summary>
    public async Task StopAsync()
    {
        using CancellationTokenSource limit = new(EndLimit);
        await _kestrel.StopAsync(limit.Token);
    }

    public void Dispose() => _kestrel.Dispose();

    private static KestrelServer Create(KestrelServerOptions options, ILoggerFactory loggers)
    {
        SocketTransportFactory sockets = new(Options.Create(new SocketTransportOptions()), loggers);
        return new KestrelServer(new OptionsWrapper<KestrelServerOptions>(options), sockets, loggers);
    }
}
