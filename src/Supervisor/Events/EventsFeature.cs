using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using JournalApi = ShimStack.Api.Journal.Journal;

namespace ShimStack.Supervisor.Events;

/// <summary>The journal of events, what it knows of processes, and the ways to it.</summary>
internal static class EventsFeature
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<EventJournal>()
        .AddSingleton<ProcessRecords>()
        .AddSingleton<EventsService>()
        .AddSingleton<JournalService>();

    public static void MapEvents(this WebApplication application)
    {
        application.MapService<EventsService>(EventsServiceBase.BindService);
        application.MapService<JournalService>(JournalApi.BindService);
    }

    /// <summary>Opens the socket for shims. What it takes is published, so it comes when there is a journal, and goes before it.</summary>
    public static EventsEndpoint OpenEventsEndpoint(this WebApplication application, SupervisorSettings settings, ILogger logger) =>
        EventsEndpoint.Open(settings, application.Services.GetRequiredService<EventJournal>(), logger);
}
