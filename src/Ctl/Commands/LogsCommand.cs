using System.CommandLine;
using ShimStack.Api.Daemon;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Logs;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl logs`: what a container in the background has written.</summary>
internal static class LogsCommand
{
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Goes on until the container ends" };
    private static readonly Option<bool> Times = new("--timestamps", "-t") { Description = "Says when each line was written" };
    private static readonly Option<int?> Tail = new("--tail", "-n") { Description = "No more than so many of the lines that are there", HelpName = "number" };
    private static readonly Option<string> Since = new("--since") { Description = "Those written since: 10m ago, or a time", HelpName = "time" };
    private static readonly Argument<string> Id = ContainerArgument.One();

    public static Command Create()
    {
        Command command = new("logs", "Shows the output of a container that runs in the background") { Follow, Times, Tail, Since, Id };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            LogPrinter printer = new(scope.Screen.IsJson, result.GetValue(Times), Choice(result));
            await ShowAsync(scope, result.GetValue(Id)!, result.GetValue(Follow), printer);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static LogChoice Choice(ParseResult result)
    {
        int? last = result.GetValue(Tail);
        DateTimeOffset? since = result.GetValue(Since) is string text ? LogChoice.Time(text, TimeProvider.System.GetUtcNow()) : null;
        return last is null or >= 0 ? new LogChoice(since, last) : throw CtlException.Usage("--tail is a number of lines, 0 or more");
    }

    private static async Task ShowAsync(CommandScope scope, string id, bool follow, LogPrinter printer)
    {
        Container container = await ContainerRecords.GetAsync(scope.Client, id, scope.Cancellation);
        if (!container.Labels.TryGetValue(ContainerLabels.LogFile, out string? file))
        {
            throw new CtlException($"{id} has no log, since somebody sits in front of it: see its output with shimctl attach {id}");
        }

        foreach (string path in LogLocation.Existing(file).Where(path => path != file))
        {
            using LogReader old = new(path);
            old.PrintTo(printer);
        }

        using LogFollower follower = new(file, printer);
        follower.PrintNew();
        printer.EndPast();
        if (follow)
        {
            await follower.FollowAsync(LastExit.ForAsync(scope.Client, id, scope.Cancellation), scope.Cancellation);
        }
    }
}
