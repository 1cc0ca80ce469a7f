using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Grpc.Core;
using ShimStack.Client;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Drills;
using ShimStack.Ctl.Output;
using ShimStack.Native;

namespace ShimStack.Ctl.Commands;

/// <summary>The command line, and what becomes of a failure: one sentence and an exit code.</summary>
internal static class CtlCommand
{
    private static readonly string[] EndAsTheirProcess = ["run", "exec", "attach"];

    public static async Task<int> RunAsync(string[] arguments)
    {
        RootCommand root = Create();
        ParseResult result = root.Parse(CommandWords.Separate(root, arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
        string command = NameOf(result.CommandResult);
        if ((CommandWords.UnknownOption(root, arguments) ?? UsageErrors.Sentence(result)) is string wrong)
        {
            return Fail(command, ExitCode.Usage, wrong);
        }

        StringWriter words = new();
        try
        {
            int code = await result.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // the signals are the container's: see SignalForwarding
                Output = words,
                Error = words,
            });
            Screen.Write(Screen.Output, words.ToString());
            return code;
        }
        catch (CtlException e)
        {
            return Fail(command, e.Code, e.Message);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (RpcException e)
        {
            string sentence = CallErrors.Sentence(e, GlobalOptions.AddressOf(result), ContainerArgument.Of(result));
            return Fail(command, ConnectionLoss.Is(e) ? ExitCode.Unavailable : ExitCode.Failed, sentence);
        }
        catch (Exception e) when (e is SyscallException or IOException or UnauthorizedAccessException)
        {
            return Fail(command, ExitCode.Failed, e.Message);
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Interrupted;
        }
    }

    public static RootCommand Create()
    {
        RootCommand root = new("shimctl runs and looks after containers of shimstackd.")
        {
            GlobalOptions.Address,
            GlobalOptions.Namespace,
            GlobalOptions.Json,
            RunCommand.Create(),
            ExecCommand.Create(),
            AttachCommand.Create(),
            PsCommand.Create(),
            LogsCommand.Create(),
            KillCommand.Create(),
            StopCommand.Create(),
            StartCommand.Create(),
            UpdateCommand.Create(),
            WaitCommand.Create(),
            RmCommand.Create(),
            PauseCommand.CreatePause(),
            PauseCommand.CreateResume(),
            StatsCommand.Create(),
            TopCommand.Create(),
            DoctorCommand.Create(),
            EventsCommand.Create(),
            InspectCommand.Create(),
            UpgradeCommand.Create(),
            DrillCommand.Create(),
        };
        ReplaceVersion(root);
        root.Add(CompletionCommand.Create());
        root.Add(ManCommand.Create(root));
        DropForeignHelp(root);
        TakeNoValues(root);
        return root;
    }

    // The one of the library asks the assembly, by reflection.
    private static void ReplaceVersion(RootCommand root)
    {
        for (int i = root.Options.Count - 1; i >= 0; i--)
        {
            if (root.Options[i] is VersionOption)
            {
                root.Options.RemoveAt(i);
            }
        }

        Option<bool> version = new("--version") { Description = "Shows the version" };
        root.Add(version);
        root.SetAction(result =>
        {
            if (!result.GetValue(version))
            {
                throw CtlException.Usage("no command; see shimctl --help");
            }

            Screen.Line($"shimctl {CtlVersion.Text}");
        });
    }

    // "/?" and "/h" are paths here, and would be suggested to whoever completes a word.
    private static void DropForeignHelp(RootCommand root)
    {
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Aliases.Clear();
            help.Aliases.Add("-h");
        }
    }

    // Else the word after a flag would be taken for its value if it is "true", and not be completed.
    private static void TakeNoValues(Command command)
    {
        foreach (Option option in command.Options.Where(option => option.ValueType == typeof(bool)))
        {
            option.Arity = ArgumentArity.Zero;
        }

        foreach (Command below in command.Subcommands)
        {
            TakeNoValues(below);
        }
    }

    // "drill run" is not "run".
    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult { Parent: not null } above ? $"{NameOf(above)} {command.Command.Name}" : command.Command.Name;

    private static int Fail(string command, ExitCode code, string sentence)
    {
        Screen.Complain(sentence);
        return EndAsTheirProcess.Contains(command) ? (int)ExitCode.NotRun : (int)code;
    }
}
