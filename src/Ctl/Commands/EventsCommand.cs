using System.CommandLine;
using Grpc.Core;
using ShimStack.Api.Journal;
using ShimStack.Client;
using ShimStack.Ctl.Events;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl events`: what happens, each with its number in the daemon's journal, also across deaths of the daemon.</summary>
internal static class EventsCommand
{
    private static readonly TimeSpan AwayPause = TimeSpan.FromMilliseconds(200);

    private static readonly Option<ulong?> Since = new("--since")
    {
        Description = "The first one that is wanted; 0 for the oldest that is kept. By default those to come",
        HelpName = "number",
    };

    private static readonly Option<bool> Stop = new("--no-follow") { Description = "Ends after those that are there" };
    private static readonly Option<bool> Everywhere = new("--all-namespaces") { Description = "Not only this namespace" };
    private static readonly Option<string[]> Filter = new("--filter") { Description = "As of containerd, such as topic==/tasks/exit", HelpName = "filter" };

    public static Command Create()
    {
        Command command = new("events", "Shows events of the daemon's journal") { Since, Stop, Everywhere, Filter };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            string? nameSpace = result.GetValue(Everywhere) ? null : scope.Namespace;
            await ShowAsync(scope, result.GetValue(Since), result.GetValue(Stop), nameSpace, result.GetValue(Filter) ?? []);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task ShowAsync(CommandScope scope, ulong? since, bool stop, string? nameSpace, string[] filters)
    {
        if (stop && filters.Length > 0)
        {
            throw CtlException.Usage("--no-follow needs to see the last event, which --filter may hide: leave one of them out");
        }

        StatusResponse status = await scope.Client.Journal.StatusAsync(new StatusRequest(), cancellationToken: scope.Cancellation);
        SubscribeRequest request = new() { FromSequence = since ?? status.Newest + 1 };
        request.Filters.AddRange(filters);
        if (!stop && nameSpace is not null)
        {
            request.Namespaces.Add(nameSpace);
        }

        await FollowAsync(scope, request, nameSpace, stop ? status.Newest : ulong.MaxValue);
    }

    private static async Task FollowAsync(CommandScope scope, SubscribeRequest request, string? nameSpace, ulong last)
    {
        while (request.FromSequence <= last)
        {
            try
            {
                await ReadAsync(scope, request, nameSpace, last);
            }
            catch (RpcException e) when (ConnectionLoss.Is(e))
            {
                await Task.Delay(AwayPause, scope.Cancellation);
            }
        }
    }

    private static async Task ReadAsync(CommandScope scope, SubscribeRequest request, string? nameSpace, ulong last)
    {
        using AsyncServerStreamingCall<Record> call = scope.Client.Journal.Subscribe(request, cancellationToken: scope.Cancellation);
        while (request.FromSequence <= last && await call.ResponseStream.MoveNext(scope.Cancellation))
        {
            Record record = call.ResponseStream.Current;
            request.FromSequence = record.Sequence + 1;
            if (record.Sequence <= last && (nameSpace is null || record.Envelope.Namespace == nameSpace))
            {
                Screen.Line(scope.Screen.IsJson ? EventText.Json(record) : EventText.Line(record));
            }
        }
    }
}
