using System.CommandLine;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Commands;

/// <summary>What `run` and `exec` both say of a process.</summary>
internal sealed class ProcessOptions
{
    private readonly Option<bool> _terminal = new("--tty", "-t") { Description = "Gives it a terminal; ctrl-p ctrl-q detaches" };

    private readonly Option<string[]> _environment = new("--env", "-e")
    {
        Description = "A variable; without a value that of shimctl",
        HelpName = "name=value",
    };

    private readonly Option<string> _user = new("--user", "-u")
    {
        Description = "Who it runs as, by numbers or names of the container",
        HelpName = "user[:group]",
    };

    private readonly Option<string[]> _files = new("--env-file") { Description = "Variables from a file, one a line", HelpName = "path" };

    private readonly Option<string> _directory = new("--cwd", "--workdir", "-w") { Description = "Where it starts", HelpName = "path" };

    public void AddTo(Command command)
    {
        command.Add(_terminal);
        command.Add(_environment);
        command.Add(_files);
        command.Add(_user);
        command.Add(_directory);
    }

    public ProcessSettings Read(ParseResult result, string[]? command) => new()
    {
        Command = command ?? [],
        Terminal = result.GetValue(_terminal),
        Environment = [.. (result.GetValue(_files) ?? []).SelectMany(EnvironmentFile.Read), .. result.GetValue(_environment) ?? []],
        User = result.GetValue(_user),
        Directory = result.GetValue(_directory),
    };
}
