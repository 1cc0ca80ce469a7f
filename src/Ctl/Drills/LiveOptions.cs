using System.CommandLine;
using ShimStack.Ctl.Commands;
using ShimStack.Drill.Live;
using ShimStack.Drill.Targets;

namespace ShimStack.Ctl.Drills;

/// <summary>The options of a drill of the machine's own daemon.</summary>
internal static class LiveOptions
{
    public static readonly Option<bool> Live = new("--live")
    {
        Description = "Drills the machine's own daemon, at --address or where it usually listens, in a namespace of its own; asks before",
    };

    public static readonly Option<bool> Yes = new("--yes") { Description = "Does not ask before a drill of a live daemon" };

    private static readonly Option<string?> StartCommand = new("--start-command")
    {
        Description = "How a live daemon is started again, for the shell; by default by its service of systemd",
        HelpName = "command",
    };

    private static readonly Option<string?> Runtime = new("--runtime")
    {
        Description = "The runtime that the drill's containers ask a live daemon for; by default what its clients have",
        HelpName = "name",
    };

    public static IReadOnlyList<Option> All { get; } = [Live, Yes, StartCommand, Runtime];

    /// <summary>null for a drill of a private daemon.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="target">The kind of daemon.</param>
    /// <param name="shim">The path of a shim that is named; null for none.</param>
    /// <param name="privately">Options in it that a private daemon has alone.</param>
    public static LiveRequest? Of(ParseResult result, string target, string? shim, IEnumerable<string> privately)
    {
        if (!result.GetValue(Live))
        {
            return All.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is Option stray
                ? throw CtlException.Usage($"{stray.Name} is for a drill with --live")
                : null;
        }

        if (target == TargetNames.Shim)
        {
            throw CtlException.Usage("a shim alone has no daemon that could be drilled with --live");
        }

        if (privately.FirstOrDefault() is string option)
        {
            throw CtlException.Usage($"{option} names a program for a private daemon; --live drills the one that runs, at --address");
        }

        return new LiveRequest(target)
        {
            Address = result.GetValue(GlobalOptions.Address) ?? "",
            StartCommand = result.GetValue(StartCommand),
            Runtime = RuntimeOf(result.GetValue(Runtime), shim, target),
        };
    }

    private static string RuntimeOf(string? runtime, string? shim, string target)
    {
        if (shim is not null && (runtime is not null || target == TargetNames.Docker))
        {
            throw CtlException.Usage(runtime is not null
                ? "--shim and --runtime say the same: name one of them"
                : "dockerd takes no path of a shim: name a runtime of its daemon.json with --runtime");
        }

        return shim is not null ? Path.GetFullPath(shim) : runtime ?? "";
    }
}
