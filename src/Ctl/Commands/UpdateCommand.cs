using System.CommandLine;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl update`: another restart policy, also while it runs.</summary>
internal static class UpdateCommand
{
    private static readonly Option<string> Restart = new("--restart") { Description = "When it is started again", HelpName = "policy", Required = true };
    private static readonly Argument<string[]> Ids = ContainerArgument.Several();

    public static Command Create()
    {
        Command command = new("update", "Changes the restart policy of containers") { Restart, Ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            string policy = RestartText.Parse(result.GetValue(Restart)!);
            return (int)await scope.EachAsync(result.GetValue(Ids)!, async id =>
            {
                await ContainerRecords.GetAsync(scope.Client, id, cancellation);
                Dictionary<string, string> labels = new() { [RestartLabels.Policy] = policy, [RestartLabels.Status] = policy == RestartLabels.No ? "" : "running" };
                await ContainerRestarts.RelabelAsync(scope.Client, id, labels, cancellation);
            });
        });
        return command;
    }
}
