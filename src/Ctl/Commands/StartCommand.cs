using System.CommandLine;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl start`: what has ended runs again.</summary>
internal static class StartCommand
{
    private static readonly Argument<string[]> Ids = ContainerArgument.Several();

    public static Command Create()
    {
        Command command = new("start", "Starts containers of run -d again that have ended") { Ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            return (int)await scope.EachAsync(result.GetValue(Ids)!, id => ContainerStart.StartAsync(scope.Client, id, cancellation));
        });
        return command;
    }
}
