using System.CommandLine;
using System.CommandLine.Parsing;

namespace ShimStack.Ctl.Commands;

/// <summary>What is wrong with a command line, in one sentence: the library's words name types of .NET.</summary>
internal static class UsageErrors
{
    /// <summary>null if nothing is.</summary>
    public static string? Sentence(ParseResult result)
    {
        if (result.Errors.Count == 0)
        {
            return null;
        }

        string help = $"see {Path(result.CommandResult)} --help";
        return result.UnmatchedTokens is [string word, ..]
            ? word.StartsWith('-') ? $"there is no option {word}; {help}" : $"'{word}' is one word too many; {help}"
            : result.Errors[0].SymbolResult switch
            {
                OptionResult option => $"{Option(option)}; {help}",
                ArgumentResult { Parent: OptionResult option } => $"{Option(option)}; {help}",
                ArgumentResult argument => $"{Path(result.CommandResult)} needs a {argument.Argument.Name}; {help}",
                _ => $"{result.Errors[0].Message.TrimEnd('.')}; {help}",
            };
    }

    private static string Option(OptionResult option)
    {
        string name = option.IdentifierToken?.Value ?? option.Option.Name;
        return option.Tokens.Count == 0 ? $"{name} needs a value"
            : option.Tokens.Count > option.Option.Arity.MaximumNumberOfValues ? $"{name} is there twice"
            : $"{name} {option.Tokens[0].Value}: not a number";
    }

    private static string Path(CommandResult command) => command.Parent is CommandResult above ? $"{Path(above)} {command.Command.Name}" : "shimctl";
}
