using System.CommandLine;
using ShimStack.Api.Daemon;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl kill`: a signal for the first process, or for all.</summary>
internal static class KillCommand
{
    private static readonly Option<string> Signal = new("--signal", "-s")
    {
        Description = "Which one",
        HelpName = "signal",
        DefaultValueFactory = _ => "KILL",
    };

    private static readonly Option<bool> All = new("--all") { Description = "To every process of the container" };
    private static readonly Argument<string[]> Ids = ContainerArgument.Several();

    public static Command Create()
    {
        Command command = new("kill", "Sends a signal to containers") { Signal, All, Ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            uint signal = Quantities.Signal(result.GetValue(Signal)!);
            bool all = result.GetValue(All);
            return (int)await scope.EachAsync(result.GetValue(Ids)!, async id =>
            {
                await (Ends(signal) ? ContainerRestarts.MarkStoppedAsync(scope.Client, id, cancellation) : Task.CompletedTask);
                await scope.Client.Tasks.KillAsync(new KillRequest { ContainerId = id, Signal = signal, All = all }, cancellationToken: cancellation);
            });
        });
        return command;
    }

    // The others ask for something else than an end, such as to read a configuration anew.
    private static bool Ends(uint signal) => (Native.Processes.Signal)signal is Native.Processes.Signal.SIGKILL or Native.Processes.Signal.SIGTERM
        or Native.Processes.Signal.SIGINT or Native.Processes.Signal.SIGQUIT;
}
