using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;
using ShimStack.Api.Journal;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Events;

/// <summary>The journal of events, what it knows of processes, and the ways to it.</summary>
internal sealed class EventsFeature : IAsyncDisposable
{
    private const string JournalName = "shimstack.journal.v1.Journal/";
    private readonly DaemonSurroundings _around;

    public EventsFeature(DaemonSurroundings around)
    {
        _around = around;
        Journal = new EventJournal(around.Database, around.Settings, around.Time, around.Logger<EventJournal>());
        Processes = new ProcessRecords(around.Database);
        EventsService events = new(Journal, around.End);
        JournalService journal = new(Journal, around.End);
        around.Api
            .Unary($"{EventServices.Grpc}/{nameof(events.Publish)}", PublishRequest.Parser, Empty.Parser, events.Publish)
            .Unary($"{EventServices.Grpc}/{nameof(events.Forward)}", Api.Daemon.ForwardRequest.Parser, Empty.Parser, events.Forward)
            .Stream($"{EventServices.Grpc}/{nameof(events.Subscribe)}", Api.Daemon.SubscribeRequest.Parser, EventsServiceBase.EventBytes, events.Subscribe)
            .Stream(JournalName + nameof(journal.Subscribe), Api.Journal.SubscribeRequest.Parser, GrpcMessages.Of(Record.Parser), journal.Subscribe)
            .Unary(JournalName + nameof(journal.Status), StatusRequest.Parser, StatusResponse.Parser, journal.Status);
    }

    /// <summary>The one order of all events.</summary>
    public EventJournal Journal { get; }

    /// <summary>What they tell of processes.</summary>
    public ProcessRecords Processes { get; }

    /// <summary>Opens the socket for shims. What it takes is published, so it comes when there is a journal, and goes before it.</summary>
    public EventsEndpoint OpenEndpoint(KeptDescriptors? kept = null) =>
        EventsEndpoint.Open(_around.Settings, Journal, _around.Loggers.CreateLogger("shims"), kept);

    public ValueTask DisposeAsync() => Journal.DisposeAsync();
}
