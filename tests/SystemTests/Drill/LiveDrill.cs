using System.Globalization;
using System.Text.Json;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Drill;

/// <summary>
/// `shimctl drill … --live` of a daemon that a test has started, as if it were the machine's. It runs under the test's guard, so that the daemon which it
/// starts is the guard's when the drill is over.
/// </summary>
internal sealed class LiveDrill(Guard guard, string directory, string[] target)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private string Output => Path.Combine(directory, "drill.out");

    private string Errors => Path.Combine(directory, "drill.err");

    /// <summary>A folder before the others of PATH.</summary>
    public string FirstInPath { get; init; } = "/usr/bin";

    /// <summary>To its end; the report.</summary>
    public async Task<JsonElement> RunAsync(params string[] arguments)
    {
        int pid = await StartAsync(["--yes", "--json", .. arguments]);
        int code = await EndAsync(pid);
        Assert.True(code == 0, $"exit code {code}: {await File.ReadAllTextAsync(Output)}{await File.ReadAllTextAsync(Errors)}");
        return JsonDocument.Parse(await File.ReadAllTextAsync(Output)).RootElement;
    }

    /// <summary>In the background; what it says of its steps is in <see cref="SaysAsync"/>.</summary>
    public async Task<int> StartAsync(params string[] arguments)
    {
        DrillCommand.Require();
        string[] words = [DrillCommand.Shimctl, "drill", "run", "--live", .. target, "--containers", "3", .. arguments];
        // The shell has what it starts in the background ignore SIGINT.
        return await guard.StartAsync($"exec env --default-signal=INT PATH={FirstInPath}:$PATH {Quoted(words)} >{Output} 2>{Errors} </dev/null");
    }

    /// <summary>Returns when it says that it comes to such a step.</summary>
    public Task SaysAsync(string step) =>
        Until.TrueAsync(() => File.Exists(Errors) && File.ReadAllText(Errors).Contains(step, StringComparison.Ordinal), $"the drill says {step}", Limit);

    /// <summary>Its exit code, after a signal if need be.</summary>
    public async Task<int> EndAsync(int pid, string signal = "0")
    {
        using System.Diagnostics.Process kill = Command.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        await Until.TrueAsync(() => !ProcessTable.Runs(pid), "the drill ends", Limit);
        return await guard.EndAsync(pid, "0");
    }

    /// <summary>A drill that must be refused, and why.</summary>
    public static async Task<string> RefusedAsync(params string[] arguments)
    {
        DrillCommand.Require();
        CommandResult result = await Command.RunAsync(DrillCommand.Shimctl, ["drill", "run", "--live", .. arguments]);
        Assert.True(result.ExitCode == 64, result.ToString());
        return result.Error;
    }

    /// <summary>The same in a terminal of script(1), where an answer is typed.</summary>
    public static Task<CommandResult> AnsweredAsync(string answer, params string[] arguments)
    {
        DrillCommand.Require();
        return Command.RunAsync("script", ["-qec", Quoted([DrillCommand.Shimctl, "drill", "run", "--live", .. arguments]), "/dev/null"], answer + "\n");
    }

    private static string Quoted(IEnumerable<string> words) => string.Join(' ', words.Select(static word => $"'{word}'"));
}
