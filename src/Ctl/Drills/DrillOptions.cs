using System.CommandLine;
using System.Security.Cryptography;
using ShimStack.Ctl.Commands;
using ShimStack.Drill;
using ShimStack.Drill.Live;
using ShimStack.Drill.Scenarios;
using ShimStack.Drill.Targets;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Drills;

/// <summary>The options of `drill run` and `drill plan`, and what they mean together.</summary>
internal static class DrillOptions
{
    public const int MostRounds = 1000;

    private const string OwnShim = "containerd-shim-shimstack-v2";
    private const int MostContainers = 500;
    private const int MostSeeds = 1_000_000;

    private static readonly Option<string> Target = new("--target")
    {
        Description = "What is drilled, a private one each: shimstack, containerd[:PATH], docker[:PATH], or shim:PATH, a shim under the drill itself",
        DefaultValueFactory = _ => "shimstack",
    };

    private static readonly Option<string[]> Scenario = new("--scenario")
    {
        Description = "The same as naming it as an argument; all for every one",
        HelpName = "name",
    };

    private static readonly Option<string?> Containerd = new("--containerd")
    {
        Description = "The containerd to drill, or the one below dockerd; by default the first in PATH",
        HelpName = "path",
    };

    private static readonly Option<string?> Dockerd = new("--dockerd")
    {
        Description = "The dockerd to drill; by default the first in PATH",
        HelpName = "path",
    };

    private static readonly Option<string?> Shimstackd = new("--shimstackd")
    {
        Description = "The shimstackd to drill; by default the one beside shimctl, or in PATH",
        HelpName = "path",
    };

    private static readonly Option<string?> Next = new("--next")
    {
        Description = "Another build of shimstackd, for the scenario upgrade; by default the same one",
        HelpName = "path",
    };

    private static readonly Option<string?> Shim = new("--shim")
    {
        Description = "The shim of its containers; by default ours, beside shimctl or in PATH",
        HelpName = "path",
    };

    private static readonly Option<int> Containers = new("--containers")
    {
        Description = "How many containers there are all the time",
        HelpName = "number",
        DefaultValueFactory = _ => 4,
    };

    private static readonly Option<string?> Duration = new("--duration")
    {
        Description = "Repeats the rounds of each scenario so long: 90s, 5m, 1h",
        HelpName = "time",
    };

    private static readonly Option<string> Away = new("--away")
    {
        Description = "How long the daemon is away in the scenario of that name",
        HelpName = "time",
        DefaultValueFactory = _ => "5s",
    };

    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "The same seed makes the same plan; by default one of chance, which is printed",
        HelpName = "number",
    };

    private static readonly Option<bool> UntilFailure = new("--until-failure") { Description = "Repeats until something does not hold" };

    public static readonly Option<string?> JUnit = new("--junit") { Description = "Writes the result as JUnit XML", HelpName = "file" };

    public static readonly Option<string?> Html = new("--html") { Description = "Writes the report as one web page", HelpName = "file" };

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Target, Scenario, Containerd, Dockerd, Shimstackd, Next, Shim, Containers, Duration, Away, Seed,
            UntilFailure, JUnit, Html, .. LiveOptions.All])
        {
            command.Add(option);
        }
    }

    public static PlanSettings PlanOf(ParseResult result)
    {
        int containers = result.GetValue(Containers);
        if (containers is < 1 or > MostContainers)
        {
            throw CtlException.Usage($"--containers is a number from 1 to {MostContainers}");
        }

        return new PlanSettings(containers, result.GetValue(Seed) ?? RandomNumberGenerator.GetInt32(MostSeeds),
            TimeText.Parse("--away", result.GetValue(Away) ?? ""), TargetOf(result), result.GetValue(LiveOptions.Live));
    }

    /// <summary>The scenarios that are named, as arguments or by the option; none for all.</summary>
    public static string[] ScenariosOf(ParseResult result, Argument<string[]> arguments)
    {
        string[] names = [.. result.GetValue(arguments) ?? [], .. result.GetValue(Scenario) ?? []];
        return names is ["all"] ? [] : names;
    }

    /// <exception cref="CtlException">There is no such target.</exception>
    public static string TargetOf(ParseResult result)
    {
        string target = TargetParts(result)[0];
        return DrillPlan.Targets.Contains(target)
            ? target
            : throw CtlException.Usage($"--target is {string.Join(" or ", DrillPlan.Targets)}, not {target}");
    }

    /// <exception cref="CtlException">Something is not there, or is no value of its option.</exception>
    public static DrillSettings Of(ParseResult result, string[] scenarios)
    {
        string target = TargetOf(result);
        if (scenarios.FirstOrDefault(static name => !DrillPlan.Scenarios.Any(one => one.Name == name)) is string unknown)
        {
            throw CtlException.Usage($"there is no scenario {unknown}: shimctl drill list shows them");
        }

        DrillSettings settings = new()
        {
            Scenarios = scenarios,
            Plan = PlanOf(result),
            Target = target,
            Duration = result.GetValue(Duration) is string text ? TimeText.Parse("--duration", text) : null,
            UntilFailure = result.GetValue(UntilFailure),
        };
        return result.GetValue(LiveOptions.Live) ? settings : WithPrograms(settings, result);
    }

    /// <exception cref="CtlException">A scenario is not for the target.</exception>
    public static void Check(DrillSettings settings)
    {
        try
        {
            DrillPlan.Blows(settings.Scenarios, settings.Plan);
        }
        catch (DrillException e)
        {
            throw new CtlException(e.Message, ExitCode.Usage, e);
        }
    }

    /// <summary>The daemon of the machine that is to be drilled; null for a private one.</summary>
    /// <exception cref="CtlException">Other options do not go with that.</exception>
    public static LiveRequest? LiveOf(ParseResult result)
    {
        IEnumerable<string> privately = ((Option<string?>[])[Containerd, Dockerd, Shimstackd, Next])
            .Where(option => result.GetValue(option) is not null)
            .Select(static option => option.Name);
        string target = TargetOf(result);
        IEnumerable<string> path = TargetParts(result).Length > 1 ? [$"--target {target}:PATH"] : [];
        return LiveOptions.Of(result, target, result.GetValue(Shim), privately.Concat(path));
    }

    private static DrillSettings WithPrograms(DrillSettings settings, ParseResult result)
    {
        string target = settings.Target;
        string? named = TargetParts(result).ElementAtOrDefault(1);
        string daemon = target switch
        {
            TargetNames.Containerd => Program("--containerd", named ?? result.GetValue(Containerd), "containerd"),
            TargetNames.Docker => Program("--dockerd", named ?? result.GetValue(Dockerd), "dockerd"),
            TargetNames.Shim => "",
            _ => Program("--shimstackd", named ?? result.GetValue(Shimstackd), "shimstackd"),
        };
        return settings with
        {
            Daemon = daemon,
            Ground = target == TargetNames.Docker ? Program("--containerd", result.GetValue(Containerd), "containerd") : "",
            Next = result.GetValue(Next) is string next ? Program("--next", next, "shimstackd") : daemon,
            Shim = Program("--shim", target == TargetNames.Shim ? named ?? result.GetValue(Shim) : result.GetValue(Shim), OwnShim),
        };
    }

    // NAME[:PATH]
    private static string[] TargetParts(ParseResult result) => (result.GetValue(Target) ?? "").Split(':', 2);

    // What is named must be there; else what belongs to this shimctl, else what the machine has.
    private static string Program(string option, string? path, string name)
    {
        string own = Path.Combine(Path.GetDirectoryName(CurrentProcess.ExecutablePath) ?? "/", name);
        string? found = path is not null
            ? ExecutablePath.Find(Path.GetFullPath(path), null)
            : ExecutablePath.Find(own, null) ?? ExecutablePath.Find(name, Environment.GetEnvironmentVariable("PATH"));
        return found ?? throw new CtlException($"{path ?? name} is not there, or no program: name it with {option}", ExitCode.Usage);
    }
}
