using System.CommandLine;
using System.CommandLine.Completions;
using ShimStack.Ctl.Completion;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl completion`: the script by which a shell completes our words.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell")
    {
        Description = "Which one: bash, zsh or fish",
        CompletionSources = { _ => ShellScript.Shells.Select(shell => new CompletionItem(shell)) },
    };

    public static Command Create()
    {
        Command command = new("completion", "Prints the script by which a shell completes the words of shimctl") { Shell };
        command.SetAction(result =>
        {
            string shell = result.GetValue(Shell)!;
            string known = string.Join(", ", ShellScript.Shells);
            Screen.Write(Screen.Output, ShellScript.Of(shell) ?? throw CtlException.Usage($"shell {shell} is not known; say one of {known}"));
        });
        return command;
    }
}
