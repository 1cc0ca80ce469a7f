using ShimStack.Native.Processes;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Leases;
using ShimStack.Supervisor.Namespaces;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Recovery;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor;

/// <summary>The long-lived process: put together here, served until it is told to end, and taken down in order. Shims and containers live on.</summary>
internal sealed class Daemon(SupervisorSettings settings)
{
    /// <returns>The exit code of the program.</returns>
    public async Task<int> RunAsync()
    {
        // Shims whose starter has ended, and containers whose shim has died, become our children, and their exit status ours to read.
        CurrentProcess.BecomeSubreaper();
        StderrLoggers loggers = new(settings.LogLevel, TimeProvider.System);
        ILogger logger = loggers.CreateLogger("daemon");
        using ListenPath path = ListenPath.Claim(settings.Address);
        Directory.CreateDirectory(settings.Root);
        await using Database database = Database.Open(settings.DatabasePath);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        DescriptorLoop loop = new();
        Children children = new(loop, () => ended.TrySetResult());

        WebApplicationBuilder builder = ApiHost.CreateBuilder(settings, loggers);
        builder.Services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton(database).AddSingleton(loop).AddSingleton(children)
            .AddNamespaces().AddContainers().AddLeases().AddIntrospection().AddEvents().AddTasks().AddRecovery();
        await using WebApplication application = builder.Build();
        application.UseRouting();
        application.MapNamespaces();
        application.MapContainers();
        application.MapLeases();
        application.MapIntrospection();
        application.MapEvents();
        application.MapTasks();
        application.MapAbsentServices();
        await using EventsEndpoint endpoint = application.OpenEventsEndpoint(settings, loggers.CreateLogger("shims"));
        _ = await application.Services.GetRequiredService<TaskRecovery>().BeginAsync(); // goes on beside everything else
        await application.StartAsync();
        ApiHost.Protect(settings);
        logger.Serves(settings.Address, CurrentProcess.Id);
        await ended.Task;
        logger.Ends("it was asked to by a signal");
        await application.StopAsync();
        return 0;
    }
}
