using System.CommandLine;
using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Manual;

/// <summary>The manual, made of the commands themselves: one page each, and one for all.</summary>
internal static class ManualPages
{
    private const int UserCommands = 1;

    /// <summary>File names and their contents.</summary>
    public static IEnumerable<(string File, string Text)> Of(RootCommand root, string version)
    {
        IReadOnlyList<Command> commands = [.. root.Subcommands.Where(command => !command.Hidden)];
        yield return ("shimctl.1", Overview(root, commands, version));
        foreach (Command command in commands)
        {
            foreach ((string, string) page in Pages(command, "shimctl", version))
            {
                yield return page;
            }
        }
    }

    private static IEnumerable<(string File, string Text)> Pages(Command command, string above, string version)
    {
        string name = $"{above} {command.Name}";
        yield return ($"{name.Replace(' ', '-')}.1", Page(command, name, version));
        foreach (Command below in command.Subcommands.Where(below => !below.Hidden))
        {
            foreach ((string, string) page in Pages(below, name, version))
            {
                yield return page;
            }
        }
    }

    private static string Overview(RootCommand root, IReadOnlyList<Command> commands, string version)
    {
        Roff page = new Roff().Title("shimctl", UserCommands, $"shimctl {version}");
        page.Section("NAME").Line(@"shimctl \- runs and looks after containers of shimstackd");
        page.Section("SYNOPSIS").Line($"{Roff.Bold("shimctl")} [{Roff.Italic("options")}] {Roff.Italic("command")} ...");
        page.Section("COMMANDS");
        foreach (Command command in commands)
        {
            page.Item(Roff.Bold($"shimctl-{command.Name}") + "(1)", $"{command.Description}.");
        }

        Options(page, root.Options.Where(option => !option.Hidden));
        ExitStatus(page);
        page.Section("FILES");
        page.Item(Roff.Italic(DaemonFolders.DefaultFile), "The daemon's configuration, whose address is where it is called.");
        page.Item(Roff.Italic(DaemonAddress.Default), "The daemon's socket, unless the configuration has another one.");
        page.Item(Roff.Italic("/run/shimctl"), "The streams of processes that somebody sits in front of; of users below $XDG_RUNTIME_DIR.");
        page.Item(Roff.Italic(Logs.LogLocation.DefaultFolder), "Logs of containers in the background.");
        page.Section("ENVIRONMENT").Item(Roff.Bold("NO_COLOR"), "If it is set, answers have no colours on a terminal either.");
        IEnumerable<string> others = commands.Select(command => $"{Roff.Bold($"shimctl-{command.Name}")}(1)");
        return page.Section("SEE ALSO").Line(string.Join(", ", others.Append($"{Roff.Bold("shimstackd")}(8)"))).ToString();
    }

    private static string Page(Command command, string name, string version)
    {
        string file = name.Replace(' ', '-');
        string text = command.Description ?? "";
        Roff page = new Roff().Title(file, UserCommands, $"shimctl {version}");
        page.Section("NAME").Line($@"{Roff.Escape(file)} \- {Roff.Escape(Small(text))}");
        string arguments = string.Join(' ', command.Arguments.Select(Synopsis));
        page.Section("SYNOPSIS").Line($"{Roff.Bold(name)} [{Roff.Italic("options")}] {arguments}".TrimEnd());
        page.Section("DESCRIPTION").Line(Roff.Plain($"{text}."));
        foreach (Argument argument in command.Arguments.Where(argument => !argument.Hidden))
        {
            page.Item(Roff.Italic(argument.Name), $"{argument.Description}.");
        }

        Options(page, command.Options.Where(option => !option.Hidden && option is not System.CommandLine.Help.HelpOption));
        page.Paragraph("The options of shimctl(1) count here, too.");
        return page.Section("SEE ALSO").Line($"{Roff.Bold("shimctl")}(1), {Roff.Bold("shimstackd")}(8)").ToString();
    }

    private static void Options(Roff page, IEnumerable<Option> options)
    {
        page.Section("OPTIONS");
        foreach (Option option in options)
        {
            string names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length).Select(Roff.Bold));
            bool isFlag = option.Arity.MaximumNumberOfValues == 0;
            string value = isFlag ? "" : $" {Roff.Italic(option.HelpName ?? "value")}";
            string standard = !isFlag && option.HasDefaultValue && option.GetDefaultValue() is object given ? $" By default {given}." : "";
            page.Item(names + value, $"{option.Description}.{standard}");
        }
    }

    private static void ExitStatus(Roff page)
    {
        page.Section("EXIT STATUS");
        page.Line("Of run, exec and attach that of the process in the container: its exit code, or 128 and the signal that ended it. Else:");
        page.Item(Roff.Bold("0"), "It is done.");
        page.Item(Roff.Bold("1"), "The daemon refused, or the thing is not there.");
        page.Item(Roff.Bold("64"), "The command line is wrong.");
        page.Item(Roff.Bold("69"), "The daemon cannot be reached.");
        page.Item(Roff.Bold("125"), "run, exec or attach failed, and not the process in the container.");
        page.Item(Roff.Bold("130"), "Told to end before the process ran, or thrice while it would not.");
    }

    private static string Synopsis(Argument argument)
    {
        string name = Roff.Italic(argument.Name) + (argument.Arity.MaximumNumberOfValues > 1 ? " ..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Small(string text) => text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
