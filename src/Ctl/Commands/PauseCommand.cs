using System.CommandLine;
using ShimStack.Api.Daemon;
using ShimStack.Client;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl pause` and `shimctl resume`: freezes all processes of a container, and lets them go on.</summary>
internal static class PauseCommand
{
    public static Command CreatePause() => Create("pause", "Freezes containers", async (client, id, cancellation) =>
        await client.Tasks.PauseAsync(new PauseTaskRequest { ContainerId = id }, cancellationToken: cancellation));

    public static Command CreateResume() => Create("resume", "Lets frozen containers go on", async (client, id, cancellation) =>
        await client.Tasks.ResumeAsync(new ResumeTaskRequest { ContainerId = id }, cancellationToken: cancellation));

    private static Command Create(string name, string help, Func<DaemonClient, string, CancellationToken, Task> call)
    {
        Argument<string[]> ids = ContainerArgument.Several();
        Command command = new(name, help) { ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            return (int)await scope.EachAsync(result.GetValue(ids)!, id => call(scope.Client, id, cancellation));
        });
        return command;
    }
}
