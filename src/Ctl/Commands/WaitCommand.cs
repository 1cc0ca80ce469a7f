using System.CommandLine;
using System.Globalization;
using ShimStack.Api.Daemon;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl wait`: the exit code of each, on stdout.</summary>
internal static class WaitCommand
{
    private static readonly Argument<string[]> Ids = ContainerArgument.Several();

    public static Command Create()
    {
        Command command = new("wait", "Waits until containers have ended, and prints their exit codes") { Ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            return (int)await scope.EachAsync(result.GetValue(Ids)!, async id => Show(scope.Screen, id, await ExitAsync(scope, id)));
        });
        return command;
    }

    private static async Task<WaitResponse> ExitAsync(CommandScope scope, string id)
    {
        using ProgressLine progress = new(TimeProvider.System);
        progress.Say($"{id} runs");
        return await LongWait.ForExitAsync(scope.Client, id, "", () => progress.Say($"{id} runs, and the daemon is away"), scope.Cancellation);
    }

    private static void Show(Screen screen, string id, WaitResponse exit)
    {
        if (!screen.IsJson)
        {
            Screen.Line(exit.ExitStatus.ToString(CultureInfo.InvariantCulture));
            return;
        }

        Screen.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteNumber("exitCode", exit.ExitStatus);
            writer.WriteTime("exitedAt", exit.ExitedAt);
            writer.WriteEndObject();
        });
    }
}
