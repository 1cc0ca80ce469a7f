using System.CommandLine;
using ShimStack.Native;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Configuration;

/// <summary>The command line: a flag for each setting of the file, and the flag wins.</summary>
internal static class SupervisorCommand
{
    /// <summary>Read if no other file is named; it need not be there.</summary>
    public const string DefaultFile = "/etc/shimstack/shimstackd.toml";

    /// <summary>The flag by which the running build asks another one.</summary>
    public const string CheckState = "--check-state";

    private static readonly Option<string> Check = new(CheckState)
    {
        Description = "Says whether this build can serve what is stored, and ends; with a path: what is in that copy of the database",
        HelpName = "path",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> File = new("--config") { Description = $"Configuration file; by default {DefaultFile} if that is there", HelpName = "path" };

    /// <summary>Parses, reads the file, and runs <paramref name="serve"/>.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settled">Settings in the place of what file and flags make; null for those.</param>
    /// <param name="serve">Serves until it is asked to end.</param>
    /// <param name="failed">Is told in one sentence why it could not.</param>
    /// <returns>The exit code of the program.</returns>
    public static async Task<ExitCode> RunAsync(string[] arguments, SupervisorSettings? settled, Func<SupervisorSettings, Task> serve, Action<string> failed)
    {
        Command root = Create(arguments.Any(AsksForHelp), settled, serve);
        ParseResult result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            return Fail(ExitCode.Usage, result.Errors[0].Message.TrimEnd('.'), failed);
        }

        StringWriter output = new();
        InvocationConfiguration invocation = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // the signals are ours: see Children
            Output = output,
            Error = output,
        };
        try
        {
            await result.InvokeAsync(invocation);
            StandardStreams.Write(StandardStreams.Output, output.ToString());
            return ExitCode.Ok;
        }
        catch (ConfigurationException e)
        {
            return Fail(ExitCode.Configuration, e.Message, failed);
        }
        catch (Exception e) when (e is StartupException or DatabaseException or SyscallException or IOException)
        {
            return Fail(ExitCode.Unavailable, e.Message, failed);
        }
    }

    /// <summary>What file and flags make.</summary>
    /// <param name="file">As given; null for the default.</param>
    /// <param name="flags">Those that were given, with their texts.</param>
    /// <exception cref="ConfigurationException">Something of it is wrong.</exception>
    public static SupervisorSettings Read(string? file, IEnumerable<(Setting Setting, string Text)> flags)
    {
        SupervisorSettings settings = new();
        if (file is not null || System.IO.File.Exists(DefaultFile))
        {
            settings = ConfigurationFile.Read(file ?? DefaultFile, settings);
        }

        foreach ((Setting setting, string text) in flags)
        {
            try
            {
                settings = setting.With(settings, text);
            }
            catch (FormatException e)
            {
                throw new ConfigurationException($"--{setting.Name}: {e.Message}", e);
            }
        }

        return settings.Root != settings.State ? settings : throw new ConfigurationException($"root and state must differ, and both are {settings.Root}");
    }

    // A root command makes the text of its help at once, from resources, by reflection.
    private static bool AsksForHelp(string argument) => argument is "--help" or "-h" or "/h" or "-?" or "/?";

    private static Command Create(bool withHelp, SupervisorSettings? settled, Func<SupervisorSettings, Task> serve)
    {
        const string Description = "shimstackd supervises the shims of containers, for clients of containerd.";
        Command root = withHelp ? new RootCommand(Description) : new Command("shimstackd", Description);
        root.Add(File);
        root.Add(Check);
        List<(Setting Setting, Option<string> Flag)> flags = [];
        foreach (Setting setting in SettingsTable.All)
        {
            Option<string> flag = new("--" + setting.Name) { Description = setting.Help, HelpName = setting.IsNumber ? "number" : "text", Recursive = true };
            root.Add(flag);
            flags.Add((setting, flag));
        }

        File.Recursive = true;
        ReplaceVersion(root, out Option<bool> version);
        root.SetAction(async result =>
        {
            if (result.GetValue(version))
            {
                await result.InvocationConfiguration.Output.WriteLineAsync($"shimstackd {SupervisorVersion.Text}");
                return;
            }

            if (result.GetResult(Check) is not null)
            {
                await result.InvocationConfiguration.Output.WriteAsync(StoredState.Check(Read(result, flags), result.GetValue(Check) ?? "").ToText());
                return;
            }

            await serve(settled ?? Read(result, flags));
        });
        Command config = new("config", "Shows a configuration")
        {
            Show("default", "The one without any file, as a file to begin with", _ => new SupervisorSettings()),
            Show("dump", "The one that would be used, made of file and flags", result => Read(result, flags)),
        };
        root.Add(config);
        return root;
    }

    private static Command Show(string name, string help, Func<ParseResult, SupervisorSettings> settings)
    {
        Command command = new(name, help);
        command.SetAction(result => result.InvocationConfiguration.Output.Write(ConfigurationText.Of(settings(result))));
        return command;
    }

    private static SupervisorSettings Read(ParseResult result, List<(Setting Setting, Option<string> Flag)> flags)
    {
        List<(Setting, string)> given = [];
        foreach ((Setting setting, Option<string> flag) in flags)
        {
            if (result.GetValue(flag) is string text)
            {
                given.Add((setting, text));
            }
        }

        return Read(result.GetValue(File), given);
    }

    // The one of the library asks the assembly, by reflection.
    private static void ReplaceVersion(Command root, out Option<bool> version)
    {
        for (int i = root.Options.Count - 1; i >= 0; i--)
        {
            if (root.Options[i] is VersionOption)
            {
                root.Options.RemoveAt(i);
            }
        }

        version = new Option<bool>("--version") { Description = "Shows the version" };
        root.Add(version);
    }

    private static ExitCode Fail(ExitCode code, string message, Action<string> failed)
    {
        failed(message);
        StandardStreams.Write(StandardStreams.Error, $"shimstackd: {message.ReplaceLineEndings(" ")}\n");
        return code;
    }
}
