using System.Text.Json;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>The published shimctl against a shimstackd of a test's own. What shimctl itself could leave is looked for at the end.</summary>
internal sealed class CtlStage
{
    private static int _count;

    private readonly Stage _stage;

    private CtlStage(Stage stage) => _stage = stage;

    public static string Program { get; } = Path.Combine(RuntimeUnderTest.RepositoryRoot, "out/bin/shimctl");

    public Stage Stage => _stage;

    public string Rootfs => _stage.Rootfs;

    public string Directory => _stage.Directory;

    public Daemon Daemon => _stage.Daemon;

    public string Namespace => _stage.Namespace;

    public string Logs => Path.Combine(_stage.Directory, "logs");

    public static Task RunAsync(string line, Func<CtlStage, Task> test)
    {
        DaemonLine.RequireProgram(Program, "shimctl");
        return Stage.RunAsync(line, async stage =>
        {
            CtlStage ctl = new(stage);
            await test(ctl);
            Assert.Equal("[]\n", (await ctl.CallAsync("ps", "--json")).MustSucceed().Output);
            Assert.Equal([], stage.Ids.SelectMany(id => Entries("/run/shimctl", id + "-*")));
            Assert.Equal([], Entries(ctl.Logs, "*"));
        });
    }

    /// <summary>A name that no other test has.</summary>
    public string NewId()
    {
        string id = $"ctl-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        _stage.Remember(id);
        return id;
    }

    public Task<CommandResult> CallAsync(params string[] arguments) => CallWithInputAsync("", arguments);

    public Task<CommandResult> CallWithInputAsync(string input, params string[] arguments) => Command.RunAsync(Program, _stage.Ctr.Connected(arguments), input);

    /// <summary>`shimctl run FLAGS ROOTFS sh -c SCRIPT` to its end, removed afterwards.</summary>
    public Task<CommandResult> RunScriptAsync(string script, params string[] flags) =>
        CallAsync(["run", "--rm", "--name", NewId(), .. flags, Rootfs, "sh", "-c", script]);

    /// <summary>The same in the background, with its log in a folder of the test.</summary>
    public async Task<string> StartScriptAsync(string script, params string[] flags)
    {
        string id = NewId();
        CommandResult result = (await CallAsync(["run", "-d", "--name", id, "--log-folder", Logs, .. flags, Rootfs, "sh", "-c", script])).MustSucceed();
        Assert.Equal(id + "\n", result.Output);
        return id;
    }

    /// <summary>A shimctl that stays.</summary>
    public System.Diagnostics.Process Begin(params string[] arguments) => Command.Start(Program, _stage.Ctr.Connected(arguments));

    /// <summary>A shimctl that stays, on a terminal.</summary>
    public TerminalClient BeginOnTerminal(params string[] arguments) => new(CommandLine(arguments));

    /// <summary>The same as a shell takes it.</summary>
    public string CommandLine(params string[] arguments) => string.Join(' ', Connected(arguments).Prepend(Program).Select(argument => $"'{argument}'"));

    /// <summary>The arguments, with those that say which daemon is meant.</summary>
    public IEnumerable<string> Connected(params string[] arguments) => _stage.Ctr.Connected(arguments);

    public async Task<string> StateAsync(string id)
    {
        JsonElement list = JsonDocument.Parse((await CallAsync("ps", "--json")).MustSucceed().Output).RootElement;
        return list.EnumerateArray().Single(line => line.GetProperty("id").GetString() == id).GetProperty("state").GetString()!;
    }

    private static string[] Entries(string folder, string pattern) => System.IO.Directory.Exists(folder) ? System.IO.Directory.GetFileSystemEntries(folder, pattern) : [];
}
