using System.CommandLine;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Shims;
using ShimStack.Ctl.Upgrade;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl upgrade shims`: another build takes the place of running shims, of shimstackd or of a containerd.</summary>
internal static class UpgradeShimsCommand
{
    private static readonly Argument<string[]> Ids = ContainerArgument.AnyNumber("Containers whose shims are meant");

    private static readonly Option<bool> All = new("--all") { Description = "All shims of the daemon, in all namespaces unless --namespace names one" };

    private static readonly Option<string> To = new("--to")
    {
        Description = "The build; by default the one that is installed where the daemon has found the shim",
        HelpName = "path",
    };

    private static readonly Option<int> Parallel = new("--parallel")
    {
        Description = "How many at once",
        HelpName = "number",
        DefaultValueFactory = _ => 4,
    };

    private static readonly Option<int> Seconds = new("--timeout")
    {
        Description = "Seconds until what a shim is doing must be done; then it is not upgraded",
        HelpName = "seconds",
        DefaultValueFactory = _ => 10,
    };

    public static Command Create()
    {
        Command command = new("shims", "Upgrades shims, or down-grades them, under their containers: no byte, no exit and no connection is lost")
        {
            Ids, All, To, Parallel, Seconds,
        };
        command.SetAction(async (result, cancellation) => (int)await RunAsync(result, cancellation));
        return command;
    }

    private static async Task<ExitCode> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        string[] ids = result.GetValue(Ids) ?? [];
        bool all = result.GetValue(All);
        if (all == ids.Length > 0)
        {
            throw CtlException.Usage("name containers, or say --all");
        }

        string path = result.GetValue(To) is string to ? Path.GetFullPath(to) : "";
        ShimUpgrades upgrades = new(path, TimeSpan.FromSeconds(Number(result.GetValue(Seconds), "--timeout", 300)));
        Screen screen = new(result.GetValue(GlobalOptions.Json));
        IReadOnlyList<RunningShim> chosen = Choose(result, ids, out int unknown);
        int failed = await upgrades.RunAsync(chosen, Number(result.GetValue(Parallel), "--parallel", 256), outcome => Tell(screen, outcome), cancellation);
        return failed + unknown == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static List<RunningShim> Choose(ParseResult result, string[] ids, out int unknown)
    {
        KernelFiles kernel = new();
        string address = GlobalOptions.AddressOf(result);
        List<RunningShim> shims = [.. RunningShim.Of(kernel, address)];
        string space = result.GetValue(GlobalOptions.Namespace)!;
        unknown = 0;
        if (ids.Length == 0)
        {
            bool isNamed = result.GetResult(GlobalOptions.Namespace) is { Implicit: false };
            return shims.FindAll(shim => !isNamed || shim.Namespace == space);
        }

        List<RunningShim> chosen = [];
        foreach (string id in ids)
        {
            if (RunningShim.Find(kernel, shims, space, id) is RunningShim shim)
            {
                chosen.Add(shim);
            }
            else
            {
                unknown++;
                Screen.Complain($"no shim of the daemon at {address} has a container {id} in the namespace {space}");
            }
        }

        return [.. chosen.Distinct()];
    }

    private static int Number(int value, string option, int most) =>
        value > 0 && value <= most ? value : throw CtlException.Usage($"{option} is a number from 1 to {most}");

    private static void Tell(Screen screen, ShimUpgradeOutcome outcome)
    {
        if (screen.IsJson)
        {
            Screen.Json(writer => ShimOutcomeText.Write(writer, outcome));
        }
        else if (outcome.Upgrade.Failure.Length > 0)
        {
            Screen.Complain(ShimOutcomeText.Line(outcome));
        }
        else
        {
            Screen.Line(ShimOutcomeText.Line(outcome));
        }
    }
}
