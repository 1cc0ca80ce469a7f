using System.CommandLine;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl stop`: asks, and then no longer asks.</summary>
internal static class StopCommand
{
    private const int LongestPatience = 30 * 24 * 60 * 60; // timers go to 49 days

    private static readonly Option<int> Seconds = new("--timeout", "-t")
    {
        Description = "Seconds between SIGTERM and SIGKILL",
        HelpName = "seconds",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Argument<string[]> Ids = ContainerArgument.Several();

    public static Command Create()
    {
        Command command = new("stop", "Ends containers: SIGTERM, and SIGKILL if that does not do") { Seconds, Ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            int seconds = result.GetValue(Seconds);
            TimeSpan patience = seconds >= 0
                ? TimeSpan.FromSeconds(Math.Min(seconds, LongestPatience))
                : throw CtlException.Usage("--timeout is a number of seconds, 0 or more");
            using ProgressLine progress = new(TimeProvider.System);
            progress.Say($"{string.Join(", ", result.GetValue(Ids)!)}: SIGTERM is sent, SIGKILL follows after {seconds} s");
            return (int)await scope.EachAtOnceAsync(result.GetValue(Ids)!, id => StopAsync(scope.Client, id, patience, cancellation));
        });
        return command;
    }

    private static async Task StopAsync(DaemonClient client, string id, TimeSpan patience, CancellationToken cancellation)
    {
        bool hasPolicy = await ContainerRestarts.MarkStoppedAsync(client, id, cancellation);
        Process? task = await ContainerRecords.TryGetTaskAsync(client, id, cancellation);
        if (task is null or { Status: Status.Stopped })
        {
            if (task is null && !hasPolicy)
            {
                throw new CtlException($"nothing runs in {id}: shimctl ps shows what does");
            }

            return;
        }

        if (task.Status == Status.Paused)
        {
            // What is frozen cannot end.
            await client.Tasks.ResumeAsync(new ResumeTaskRequest { ContainerId = id }, cancellationToken: cancellation);
        }

        await ContainerEnd.StopAsync(client, id, patience, cancellation);
    }
}
