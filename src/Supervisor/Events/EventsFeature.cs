using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;
using ShimStack.Api.Journal;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Events;

/// <summary>The journal of events, what it knows of processes, and the ways to it.</summary>
internal static class EventsFeature
{
    private const string Journal = "shimstack.journal.v1.Journal/";

    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddLogger<EventJournal>()
        .AddSingleton<EventJournal>()
        .AddSingleton<ProcessRecords>()
        .AddSingleton<EventsService>()
        .AddSingleton<JournalService>();

    public static void MapEvents(this IServiceProvider services)
    {
        EventsService events = services.GetRequiredService<EventsService>();
        JournalService journal = services.GetRequiredService<JournalService>();
        ApiMethods.Of(services)
            .Unary($"{EventServices.Grpc}/{nameof(events.Publish)}", PublishRequest.Parser, Empty.Parser, events.Publish)
            .Unary($"{EventServices.Grpc}/{nameof(events.Forward)}", Api.Daemon.ForwardRequest.Parser, Empty.Parser, events.Forward)
            .Stream($"{EventServices.Grpc}/{nameof(events.Subscribe)}", Api.Daemon.SubscribeRequest.Parser, EventsServiceBase.EventBytes, events.Subscribe)
            .Stream(Journal + nameof(journal.Subscribe), Api.Journal.SubscribeRequest.Parser, GrpcMessages.Of(Record.Parser), journal.Subscribe)
            .Unary(Journal + nameof(journal.Status), StatusRequest.Parser, StatusResponse.Parser, journal.Status);
    }

    /// <summary>Opens the socket for shims. What it takes is published, so it comes when there is a journal, and goes before it.</summary>
    public static EventsEndpoint OpenEventsEndpoint(
        this IServiceProvider services, SupervisorSettings settings, ILogger logger, KeptDescriptors? kept = null) =>
        EventsEndpoint.Open(settings, services.GetRequiredService<EventJournal>(), logger, kept);
}
