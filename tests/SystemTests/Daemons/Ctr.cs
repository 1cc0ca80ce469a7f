using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Daemons;

/// <summary>containerd's own command line client, of the same version as the daemon.</summary>
internal sealed class Ctr(Stage stage)
{
    public string Program => Path.Combine(DaemonLine.BinDirectory(stage.Daemon.Line), "ctr");

    public Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync(Program, Connected(arguments));

    /// <summary>`ctr run --rm` with the stage's root file system and the shim under test.</summary>
    public Task<CommandResult> RunContainerAsync(string id, string[] command, string[]? flags = null, string? input = null) =>
        Command.RunAsync(Program, Connected(RunArguments(id, command, ["--rm", .. flags ?? []])), input);

    /// <summary>The same with a terminal: script(1) makes one, types the input, and gives what the terminal shows and the exit code.</summary>
    public Task<CommandResult> RunInTerminalAsync(IEnumerable<string> arguments, string input)
    {
        string line = string.Join(' ', Connected(arguments).Prepend(Program).Select(argument => $"'{argument}'"));
        return Command.RunAsync("script", ["-qec", line, "/dev/null"], input);
    }

    public string[] RunArguments(string id, string[] command, string[] flags, string? runtime = null)
    {
        stage.Remember(id);
        return
        [
            "run", .. flags, "--runtime", runtime ?? RuntimeUnderTest.Name, "--rootfs", "--cgroup", $"/{stage.Name}/{id}", stage.Rootfs, id, .. command,
        ];
    }

    /// <summary>The arguments, with those that say which daemon is meant.</summary>
    public IEnumerable<string> Connected(IEnumerable<string> arguments) => ["--address", stage.Daemon.Address, "--namespace", stage.Namespace, .. arguments];
}
