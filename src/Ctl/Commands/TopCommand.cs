using System.CommandLine;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Top;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl top`: what containers use, and how busy they are, again and again.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> Once = new("--once")
    {
        Description = "A single reading, over one second; also with --json, and where stdout is no terminal",
    };

    public static Command Create()
    {
        Argument<string[]> ids = ContainerArgument.AnyNumber();
        Command command = new("top", "Shows how busy containers are, anew each second; q ends it") { Once, ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            return (int)await RunAsync(scope, result.GetValue(ids) ?? [], result.GetValue(Once));
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandScope scope, string[] ids, bool once)
    {
        foreach (string id in ids)
        {
            _ = await Containers.ContainerRecords.GetAsync(scope.Client, id, scope.Cancellation);
        }

        bool canDraw = Terminal.IsTerminal(Screen.Output) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        await (canDraw && !once && !scope.Screen.IsJson ? new LiveTop(scope, ids).RunAsync() : OnceAsync(scope, ids));
        return ExitCode.Ok;
    }

    private static async Task OnceAsync(CommandScope scope, string[] ids)
    {
        TopReading first = await TopReading.TakeAsync(scope.Client, ids, scope.Cancellation);
        await Task.Delay(Between, scope.Cancellation);
        TopReading second = await TopReading.TakeAsync(scope.Client, ids, scope.Cancellation);
        IReadOnlyList<TopRow> rows = TopRow.Between(first, second, new KernelFiles());
        if (scope.Screen.IsJson)
        {
            Screen.Json(writer => TopTable.Write(writer, rows));
        }
        else
        {
            Screen.Table(TopTable.Of(rows, second.Time));
        }
    }
}
