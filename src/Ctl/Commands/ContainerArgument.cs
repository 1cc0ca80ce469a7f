using System.CommandLine;
using ShimStack.Ctl.Completion;

namespace ShimStack.Ctl.Commands;

/// <summary>Containers on the command line: by their names, which a shell can complete.</summary>
internal static class ContainerArgument
{
    private const string Name = "container";

    public static Argument<string> One(string description = "Which one") =>
        new(Name) { Description = description, CompletionSources = { ContainerNames.Suggest } };

    public static Argument<string[]> Several() => Many("Which ones", ArgumentArity.OneOrMore);

    /// <summary>None means all that run.</summary>
    public static Argument<string[]> AnyNumber(string description = "Which ones; by default all that run") => Many(description, ArgumentArity.ZeroOrMore);

    /// <summary>The one that a command is about; null for several or none.</summary>
    public static string? Of(ParseResult result) =>
        result.CommandResult.Command.Arguments.FirstOrDefault(argument => argument.Name == Name) is Argument<string> one ? result.GetValue(one) : null;

    private static Argument<string[]> Many(string description, ArgumentArity arity) =>
        new(Name) { Description = description, Arity = arity, CompletionSources = { ContainerNames.Suggest } };
}
