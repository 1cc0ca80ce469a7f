using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// Kestrel on the unix socket, with the calls of <see cref="ApiCalls"/>. It is put together by hand: what the web framework's host would add
/// (configuration, console, signals, its container's open generics) was half of the time of a start.
/// </summary>
internal sealed class ApiServer : IDisposable
{
    /// <summary>Calls that are open at the end have this long to be answered; what they leave half done the next start finds.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private readonly SupervisorSettings _settings;
    private readonly uint? _group;
    private readonly KestrelServer _kestrel;
    private readonly ApiCalls _calls;
    private readonly DaemonEnd _end;

    /// <summary>A server of what the features have added to <see cref="ApiMethods"/>; it does not listen yet.</summary>
    /// <exception cref="StartupException">There is no such group.</exception>
    public ApiServer(IServiceProvider services, SupervisorSettings settings)
    {
        _settings = settings;
        _group = SocketGroup.Find(settings.Group);
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        KestrelServerOptions options = Options(new PeerCheck(_group, loggers.CreateLogger("peers")));
        options.ApplicationServices = services;
        SocketTransportFactory sockets = new(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions()), loggers);
        _kestrel = new KestrelServer(new OptionsWrapper<KestrelServerOptions>(options), sockets, loggers);
        _calls = new ApiCalls(services);
        _end = services.GetRequiredService<DaemonEnd>();
    }

    /// <summary>Serves, for those who may connect by the file system: our user, and the configured group.</summary>
    public async Task StartAsync()
    {
        await _kestrel.StartAsync(_calls, CancellationToken.None);
        if (_group is uint group)
        {
            Files.SetOwner(_settings.Address, Native.Processes.CurrentProcess.EffectiveUserId, group);
        }

        Files.SetMode(_settings.Address, _group is null ? 0x180 /* 0600 */ : 0x1b0 /* 0660 */);
    }

    /// <summary>Takes no more calls; those that are still open after <see cref="EndLimit"/> are cut off.</summary>
    public async Task StopAsync()
    {
        _end.Begin();
        using CancellationTokenSource limit = new(EndLimit);
        await _kestrel.StopAsync(limit.Token);
    }

    public void Dispose() => _kestrel.Dispose();

    private KestrelServerOptions Options(PeerCheck peers)
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.Http2.MaxStreamsPerConnection = 10_000; // a Wait for each process of a client is one
        options.ListenUnixSocket(_settings.Address, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => peers.PassAsync(connection, () => next(connection)));
        });
        return options;
    }
}
