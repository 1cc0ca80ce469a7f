using OpenTelemetry.Trace;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Leases;
using ShimStack.Supervisor.Metrics;
using ShimStack.Supervisor.Namespaces;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Recovery;
using ShimStack.Supervisor.Restart;
using ShimStack.Supervisor.Tasks;
using ShimStack.Supervisor.Tracing;

namespace ShimStack.Supervisor;

/// <summary>The long-lived process: put together here, served until it is told to end, and taken down in order. Shims and containers live on.</summary>
internal sealed class Daemon(SupervisorSettings settings)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Serves until a signal asks us to end.</summary>
    /// <exception cref="StartupException">Something that we need cannot be had.</exception>
    /// <exception cref="DatabaseException">The database cannot be used.</exception>
    public async Task RunAsync()
    {
        ServiceManager manager = ServiceManager.FromEnvironment();

        // Shims whose starter has ended, and containers whose shim has died, become our children, and their exit status ours to read.
        CurrentProcess.BecomeSubreaper();
        StderrLoggers loggers = new(settings.LogLevel, TimeProvider.System);
        ILogger logger = loggers.CreateLogger("daemon");
        using ListenPath path = ListenPath.Claim(settings.Address);
        using OwnDirectory state = OwnDirectory.Claim(settings.State, "state", OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        using OwnDirectory root = OwnDirectory.Claim(settings.Root, "root", OwnerOnly);
        await using Database database = Database.Open(settings.DatabasePath);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        DescriptorLoop loop = new();
        Children children = new(loop, () => ended.TrySetResult());

        await using ServiceProvider services = new ServiceCollection().AddApi(loggers)
            .AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton(database).AddSingleton(loop).AddSingleton(children)
            .AddNamespaces().AddContainers().AddLeases().AddIntrospection().AddEvents().AddTasks().AddRecovery().AddRestarts()
            .AddMetrics(settings).AddTracing(settings).BuildServiceProvider();
        services.MapNamespaces();
        services.MapContainers();
        services.MapLeases();
        services.MapIntrospection();
        services.MapEvents();
        services.MapTasks();
        services.MapRestarts();
        using TracerProvider? traces = settings.StartTraces();
        await using EventsEndpoint endpoint = services.OpenEventsEndpoint(settings, loggers.CreateLogger("shims"));
        _ = await services.GetRequiredService<TaskRecovery>().BeginAsync(); // goes on beside everything else
        await services.BeginRestartsAsync();
        await using MetricsPage? metrics = await MetricsPage.StartAsync(settings, services);
        using ApiServer server = new(services, settings);
        await server.StartAsync();
        logger.Serves(settings.Address, CurrentProcess.Id);
        manager.Ready($"serves on {settings.Address}");
        await using Watchdog watchdog = Watchdog.Start(manager, () => database.WriteAsync(c => c.Scalar("SELECT 1")), TimeProvider.System, logger);
        await ended.Task;
        manager.Stopping();
        logger.Ends("it was asked to by a signal");
        await server.StopAsync();
    }
}
