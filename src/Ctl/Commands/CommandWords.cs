using System.CommandLine;

namespace ShimStack.Ctl.Commands;

/// <summary>
/// `shimctl run ROOTFS ls -l`: what follows the folder (or, in `exec`, the container) belongs to the program, also what looks like an option of
/// ours. The parser knows that only from "--", which is put there.
/// </summary>
internal static class CommandWords
{
    private static readonly string[] WithPrograms = ["run", "exec"];

    /// <summary>What is wrong with an option before the folder or container, which the parser would take for that; null if nothing is.</summary>
    public static string? UnknownOption(RootCommand root, string[] arguments)
    {
        int name = FirstWord(root.Options, arguments, 0);
        if (name >= arguments.Length || !WithPrograms.Contains(arguments[name]))
        {
            return null;
        }

        Option[] options = [.. root.Options, .. root.Subcommands.Single(candidate => candidate.Name == arguments[name]).Options];
        HashSet<string> known = [.. options.SelectMany(option => option.Aliases.Append(option.Name))];
        string? unknown = arguments[(name + 1)..FirstWord(options, arguments, name + 1)]
            .FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 && !known.Contains(word.Split('=')[0]));
        return unknown is null ? null : $"there is no option {unknown}; see shimctl {arguments[name]} --help";
    }

    public static string[] Separate(RootCommand root, string[] arguments)
    {
        int name = FirstWord(root.Options, arguments, 0);
        if (name >= arguments.Length || !WithPrograms.Contains(arguments[name]))
        {
            return arguments;
        }

        Command command = root.Subcommands.Single(candidate => candidate.Name == arguments[name]);
        int first = FirstWord([.. root.Options, .. command.Options], arguments, name + 1);
        return first >= arguments.Length || arguments[first] == "--" ? arguments : [.. arguments[..first], "--", .. arguments[first..]];
    }

    // The first one that is neither an option nor the value of one.
    private static int FirstWord(IEnumerable<Option> options, string[] arguments, int from)
    {
        HashSet<string> withValues = [.. options
            .Where(option => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool))
            .SelectMany(option => option.Aliases.Append(option.Name))];
        int at = from;
        while (at < arguments.Length && arguments[at].StartsWith('-') && arguments[at] != "--")
        {
            at += withValues.Contains(arguments[at]) ? 2 : 1;
        }

        return at;
    }
}
