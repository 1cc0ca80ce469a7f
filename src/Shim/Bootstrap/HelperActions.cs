using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Upgrade;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// Everything that the binary does besides serving: what a daemon runs for a moment and waits for. Without the event loop, because it must
/// be quick.
/// </summary>
internal static class HelperActions
{
    /// <summary>Does what the command line asks for.</summary>
    /// <param name="program">argv[0].</param>
    /// <param name="words">The arguments after it.</param>
    /// <param name="arguments">The parsed command line, for the server.</param>
    /// <returns>How to exit; null if the command line is valid and asks for the server.</returns>
    public static ExitCode? Run(string program, ReadOnlySpan<string> words, out ShimArguments arguments)
    {
        arguments = new ShimArguments();
        try
        {
            arguments = ShimArguments.Parse(words);
            return Run(program, arguments);
        }
        catch (UsageException e)
        {
            StandardStreams.WriteError(UsageText.For(program, e));
            return e.ExitCode;
        }
        catch (Exception e) when (e is StartupException or SyscallException or RpcException or InvalidDataException)
        {
            WriteLine(program, e.Message);
            return ExitCode.Failure;
        }
    }

    private static ExitCode? Run(string program, ShimArguments arguments)
    {
        if (arguments.ShowVersion)
        {
            StandardStreams.Write(System.Text.Encoding.UTF8.GetBytes(VersionAction.Text(program)));
            return ExitCode.Success;
        }
        if (arguments.ShowInfo)
        {
            StandardStreams.Write(InfoAction.Run(RuntimeName.Of(program), StandardStreams.ReadInput(BootstrapInput.MaxLength)));
            return ExitCode.Success;
        }
        arguments.Validate();
        if (arguments.CheckState)
        {
            StandardStreams.Write(System.Text.Encoding.UTF8.GetBytes(StateCheckAction.Run(arguments)));
            return ExitCode.Success;
        }
        switch (arguments.Action)
        {
            case ShimAction.Start:
                new StartAction(arguments, StartContextOf(program)).Run(answer => StandardStreams.Write(answer));
                return ExitCode.Success;
            case ShimAction.Delete:
                // The daemon's argument is the bundle as a rule, but the reference goes by the working directory.
                string bundle = GoPath.Join(GoPath.DirectoryOf(Environment.CurrentDirectory), arguments.Id);
                StandardStreams.Write(new DeleteAction(bundle, arguments, warning => WriteLine(program, warning)).Run());
                return ExitCode.Success;
            default:
                return null;
        }
    }

    private static StartContext StartContextOf(string program) => new()
    {
        Bundle = Environment.CurrentDirectory,
        Executable = ProcessEnvironment.OwnExecutable(),
        Program = program,
        DaemonPid = CurrentProcess.ParentId,
        Input = StandardStreams.ReadInput(BootstrapInput.MaxLength),
        OwnCores = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("SCHED_CORE")),
    };

    // One line: a daemon shows it to its user as it is.
    private static void WriteLine(string program, string text) =>
        StandardStreams.WriteError($"{RuntimeName.Of(program)}: {text.ReplaceLineEndings(" ")}\n");
}
