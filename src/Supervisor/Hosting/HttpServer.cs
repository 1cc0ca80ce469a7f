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
/// <param name="loggers">For the server.</param>
/// <param name="answer">Answers all requests.</param>
/// <param name="path">Has the socket; null for one of the server's own.</param>
internal sealed class HttpServer(
    KestrelServerOptions options, IServiceProvider services, ILoggerFactory loggers, RequestDelegate answer, ListenPath? path = null) : IDisposable
{
    /// <summary>Requests that are open at the end have this long to be answered.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private readonly KestrelServer _kestrel = Create(options, loggers, path);

    /// <summary>Serves from now on.</summary>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public Task StartAsync()
    {
        options.ApplicationServices = services;
        return _kestrel.StartAsync(new HttpApplication(services, answer), CancellationToken.None);
    }

    /// <summary>Takes no more requests; those that are still open after <paramref name="limit"/>, or <see cref="EndLimit"/>, are cut off.</summary>
    public async Task StopAsync(TimeSpan? limit = null)
    {
        using CancellationTokenSource end = new(limit ?? EndLimit);
        await _kestrel.StopAsync(end.Token);
    }

    public void Dispose() => _kestrel.Dispose();

    private static KestrelServer Create(KestrelServerOptions options, ILoggerFactory loggers, ListenPath? path)
    {
        SocketTransportOptions transport = new();
        if (path is not null)
        {
            transport.UnsafePreferInlineScheduling = true; // what may block is dispatched behind it: each call, by HTTP/2
            transport.Backlog = int.MaxValue; // as long as the kernel gives: while a build takes over from another, all who come wait in it
            transport.CreateBoundListenSocket = _ => path.Listen();
        }

        return new KestrelServer(new OptionsWrapper<KestrelServerOptions>(options), new SocketTransportFactory(Options.Create(transport), loggers), loggers);
    }
}
