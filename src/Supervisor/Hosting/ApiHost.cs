using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Kestrel with gRPC on the unix socket, and nothing else of the web framework: no configuration files, no console, no signals.</summary>
internal static class ApiHost
{
    /// <summary>Calls that are open at the end have this long to be answered; what they leave half done the next start finds.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private const int MaxMessage = 16 << 20; // as containerd's clients

    /// <summary>A host that is not started yet; features add their services to it.</summary>
    public static WebApplicationBuilder CreateBuilder(SupervisorSettings settings, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "shimstackd" });
        builder.Services.AddSingleton<ILoggerFactory>(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = EndLimit);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxMessage;
            options.IgnoreUnknownServices = true; // see AbsentServices
            options.Interceptors.Add<CallErrors>(loggers.CreateLogger("calls"));
        });
        builder.Services.RemoveAll(typeof(IServiceMethodProvider<>)); // see ApiMethods
        builder.Services.AddSingleton<ApiMethods>().AddSingleton<IServiceMethodProvider<ApiMethods>>(services => services.GetRequiredService<ApiMethods>());
        builder.WebHost.UseKestrelCore();
        PeerCheck peers = new(SocketGroup.Find(settings.Group), loggers.CreateLogger("peers"));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 10_000; // a Wait for each process of a client is one
            kestrel.ListenUnixSocket(settings.Address, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => connection => peers.PassAsync(connection, () => next(connection)));
            });
        });
        return builder;
    }

    /// <summary>Maps what the features have added to <see cref="ApiMethods"/>, and an answer for all else.</summary>
    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ApiMethods>();
        endpoints.MapAbsentServices();
    }

    /// <summary>Who may connect, by the file system: our user, and the configured group. Called once it listens.</summary>
    public static void Protect(SupervisorSettings settings)
    {
        uint? group = SocketGroup.Find(settings.Group);
        if (group is uint gid)
        {
            Files.SetOwner(settings.Address, Native.Processes.CurrentProcess.EffectiveUserId, gid);
        }

        Files.SetMode(settings.Address, group is null ? 0x180 /* 0600 */ : 0x1b0 /* 0660 */);
    }

    // The signals are ours: see Children.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
