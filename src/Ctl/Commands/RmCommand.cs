using System.CommandLine;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl rm`: takes containers away, with their logs.</summary>
internal static class RmCommand
{
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Also those that run: SIGKILL first" };
    private static readonly Argument<string[]> Ids = ContainerArgument.Several();

    public static Command Create()
    {
        Command command = new("rm", "Removes containers that have ended, with their logs") { Force, Ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            bool force = result.GetValue(Force);
            return (int)await scope.EachAsync(result.GetValue(Ids)!, id => ContainerRemoval.RemoveAsync(scope.Client, id, force, cancellation));
        });
        return command;
    }
}
