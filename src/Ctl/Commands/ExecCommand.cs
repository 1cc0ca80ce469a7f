using System.CommandLine;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl exec`: one more process in a container that runs.</summary>
internal static class ExecCommand
{
    private static readonly Argument<string> Id = ContainerArgument.One("Where");
    private static readonly Argument<string[]> Words = new("command") { Description = "What", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        ProcessOptions process = new();
        Command command = new("exec", "Runs a program in a container, and ends as it does") { Id, Words };
        process.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            ProcessSettings settings = process.Read(result, result.GetValue(Words));
            return settings.Terminal && !Terminal.IsTerminal(Screen.Input)
                ? throw CtlException.Usage("-t needs a terminal, and stdin is none: leave it out, or run this in a terminal")
                : await new ContainerExec(scope, result.GetValue(Id)!, settings).RunAsync();
        });
        return command;
    }
}
