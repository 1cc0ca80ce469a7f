using System.CommandLine;
using ShimStack.Api.Upgrades;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Upgrade;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl upgrade daemon`: another build takes the place of the running one, in the same process.</summary>
internal static class UpgradeCommand
{
    private static readonly Option<string> To = new("--to")
    {
        Description = "The build; by default the one that is installed where the daemon was started",
        HelpName = "path",
    };

    private static readonly Option<int> Seconds = new("--timeout")
    {
        Description = "Seconds until it must serve; then the one before is put back",
        HelpName = "seconds",
        DefaultValueFactory = _ => 10,
    };

    public static Command Create()
    {
        Command daemon = new("daemon", "Upgrades the daemon, or down-grades it: no container, no connection and no event notices") { To, Seconds };
        daemon.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            int seconds = result.GetValue(Seconds);
            TimeSpan limit = seconds is > 0 and <= 300
                ? TimeSpan.FromSeconds(seconds)
                : throw CtlException.Usage("--timeout is a number of seconds, from 1 to 300");
            return (int)await RunAsync(scope, result.GetValue(To), limit);
        });
        return new Command("upgrade", "Puts another build in the place of a running one") { daemon, UpgradeShimsCommand.Create() };
    }

    private static async Task<ExitCode> RunAsync(CommandScope scope, string? to, TimeSpan limit)
    {
        (uint pid, Outcome outcome) = await UpgradeAsync(scope, to is null ? "" : Path.GetFullPath(to), limit);
        if (scope.Screen.IsJson)
        {
            Screen.Json(writer => OutcomeText.Write(writer, pid, outcome));
        }

        if (outcome.Failure.Length > 0)
        {
            throw new CtlException(OutcomeText.Sentence(pid, outcome));
        }

        if (!scope.Screen.IsJson)
        {
            Screen.Line(OutcomeText.Sentence(pid, outcome));
        }

        return ExitCode.Ok;
    }

    private static async Task<(uint Pid, Outcome Outcome)> UpgradeAsync(CommandScope scope, string path, TimeSpan limit)
    {
        using ProgressLine progress = new(TimeProvider.System);
        return await new DaemonUpgrade(scope.Client, TimeProvider.System, progress).RunAsync(path, limit, scope.Cancellation);
    }
}
