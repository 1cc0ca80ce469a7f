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
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Recovery;
using ShimStack.Supervisor.Restart;
using ShimStack.Supervisor.Tasks;
using ShimStack.Supervisor.Tracing;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor;

/// <summary>The long-lived process: put together here, served until it is told to end, and taken down in order. Shims and containers live on.</summary>
internal sealed class Daemon(SupervisorSettings settings, Succession succession, Preparation prepared)
{
    /// <summary>
    /// Calls that are open when another build takes over have this long to be answered, longer than at an end: nobody has wanted the daemon to end, so
    /// what a client began a moment ago is not to be cut.
    /// </summary>
    private static readonly TimeSpan UpgradeLimit = TimeSpan.FromSeconds(3);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Serves until a signal asks us to end, or another build is to take over.</summary>
    /// <exception cref="StartupException">Something that we need cannot be had.</exception>
    /// <exception cref="DatabaseException">The database cannot be used.</exception>
    public async Task RunAsync()
    {
        ServiceManager manager = ServiceManager.FromEnvironment(succession.IsFirst);

        // Shims whose starter has ended, and containers whose shim has died, become our children, and their exit status ours to read.
        CurrentProcess.BecomeSubreaper();
        prepared.Loggers.Minimum = settings.LogLevel;
        ILogger logger = prepared.Loggers.CreateLogger("daemon");
        using ListenPath path = ListenPath.Claim(settings.Address, succession.Kept);
        using OwnDirectory state = OwnDirectory.Claim(settings.State, "state", OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute, succession.Kept);
        using OwnDirectory root = OwnDirectory.Claim(settings.Root, "root", OwnerOnly, succession.Kept);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Children children = new(prepared.Loop, () => ended.TrySetResult());

        using DaemonEnd end = prepared.End;
        await using ApiServer server = new(prepared.CallsAsync(), prepared.Loggers, settings, end, path);
        if (succession.IsFirst) // else clients wait in the socket, where nothing happens to them if we fail and the build before goes on
        {
            _ = server.StartAsync(); // beside what follows: calls wait until all is here
        }

        await using Database database = Database.Open(settings.DatabasePath);
        DaemonSurroundings around = new(settings, database, TimeProvider.System, prepared.Loggers, prepared.Methods, end);
        await using EventsFeature events = new(around);
        ContainersFeature containers = new(around, events.Journal);
        TasksFeature tasks = new(around, children, prepared.Loop, events);
        await using RestartFeature restarts = new(around, events, containers, tasks);
        RecoveryFeature recovery = new(around, events, containers, tasks);
        tasks.Serve(containers, restarts);
        _ = new NamespacesFeature(around, events.Journal);
        _ = new LeasesFeature(around);
        _ = new IntrospectionFeature(around, tasks.Runtimes);
        _ = new UpgradeFeature(around, children, succession);
        using MetricsFeature metrics = new(around, events, tasks, recovery);
        around.AddTraces();
        using TracerProvider? traces = settings.StartTraces();
        await using EventsEndpoint endpoint = events.OpenEndpoint(succession.Kept);
        using ParkingEndpoint parking = tasks.Parking.OpenEndpoint(manager, succession.Kept);
        succession.Recall(tasks.Orphans);
        children.TakeOver();
        _ = await recovery.BeginAsync(); // goes on beside everything else
        await restarts.BeginAsync();
        await using MetricsPage? page = await metrics.StartPageAsync(prepared.CallsAsync());
        await server.StartAsync();
        await using ApiCalls calls = await prepared.CallsAsync();
        prepared.IsWhole();
        parking.BeginPause();
        succession.Serves(logger);
        ParkedHandOver.Settle(succession.Kept);
        logger.Serves(settings.Address, CurrentProcess.Id);
        manager.Ready($"serves on {settings.Address}");
        await using Watchdog watchdog = Watchdog.Start(manager, () => database.WriteAsync(c => c.Scalar("SELECT 1")), TimeProvider.System, logger);
        await Task.WhenAny(ended.Task, succession.Leaving);
        await (ended.Task.IsCompleted ? StopAsync(server, manager) : LetGoAsync(server, manager));
        await restarts.Restarts.EndAsync();
        await children.LetGoAsync();
        await tasks.Parking.LeaveToAsync(succession.Kept);
        if (ended.Task.IsCompleted) // also meanwhile: then nobody takes over
        {
            succession.Forgo();
            logger.Ends("it was asked to by a signal");
        }
    }

    private static Task StopAsync(ApiServer server, ServiceManager manager)
    {
        manager.Stopping();
        return server.StopAsync();
    }

    private Task LetGoAsync(ApiServer server, ServiceManager manager)
    {
        manager.Reloading("is upgraded");
        succession.FallSilent();
        return server.StopAsync(UpgradeLimit);
    }
}
