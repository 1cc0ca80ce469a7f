using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>In what form shimctl answers: JSON for programs, colours for terminals alone, words for shells.</summary>
public sealed class OutputFormTests
{
    private const string Green = "\u001b[32m";

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl --json: every command's answer is JSON")]
    public Task EveryAnswerIsJson(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = stage.NewId();
        await IsJsonAsync("run", "-d", "--name", id, "--log-folder", stage.Logs, stage.Rootfs, "sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do usleep 10000; done");
        await Until.TrueAsync(() => File.Exists($"{stage.Logs}/{stage.Namespace}/{id}.log") && new FileInfo($"{stage.Logs}/{stage.Namespace}/{id}.log").Length > 0, "it is ready");
        foreach (string[] words in (string[][])[["ps"], ["logs", id], ["stats"], ["top"], ["doctor"], ["inspect", id], ["events", "--since", "0", "--no-follow"]])
        {
            await IsJsonAsync(words);
        }

        foreach (string[] words in (string[][])[["pause", id], ["resume", id], ["kill", "--signal", "0", id], ["stop", id]])
        {
            CommandResult done = await stage.CallAsync([.. words, "--json"]);
            Assert.Equal("", done.Output);
        }

        await IsJsonAsync("wait", id);
        Assert.Equal("", (await stage.CallAsync("rm", "--json", id)).MustSucceed().Output);

        async Task IsJsonAsync(params string[] words)
        {
            CommandResult result = await stage.CallAsync(["--json", .. words]);
            string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines.Length > 0, $"{string.Join(' ', words)}: {result.Error}");
            Assert.All(lines, text => Assert.True(JsonDocument.Parse(text).RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array));
        }
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl: colours only on a terminal, and not with NO_COLOR")]
    public Task ColoursAreForTerminals(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("while :; do usleep 10000; done");
        using TerminalClient coloured = stage.BeginOnTerminal("ps");
        Assert.Equal(0, await coloured.EndAsync());
        Assert.Contains(Green + "running", coloured.Shown, StringComparison.Ordinal);
        using TerminalClient plain = new("NO_COLOR=1 " + stage.CommandLine("ps"));
        Assert.Equal(0, await plain.EndAsync());
        Assert.DoesNotContain(Green, plain.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", (await stage.CallAsync("ps")).MustSucceed().Output, StringComparison.Ordinal);
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shimctl: a shell completes words, and names of containers")]
    public Task WordsAreCompleted(string line) => CtlStage.RunAsync(line, async stage =>
    {
        string id = await stage.StartScriptAsync("while :; do usleep 10000; done");
        string typed = $"shimctl --address {stage.Daemon.Address} --namespace {stage.Namespace} stop {id[..^1]}";
        Assert.Equal(id + "\n", (await Command.RunAsync(CtlStage.Program, [$"[suggest:{typed.Length}]", typed])).MustSucceed().Output);
        string script = Path.Combine(stage.Directory, "completion");
        await File.WriteAllTextAsync(script, (await stage.CallAsync("completion", "bash")).MustSucceed().Output);
        CommandResult bash = await Command.RunAsync("bash",
            ["-c", "PATH=$1:$PATH; . \"$2\"; COMP_LINE=$3; COMP_POINT=${#3}; _shimctl shimctl \"$4\" stop; echo \"${COMPREPLY[@]}\"", "bash", RuntimeUnderTest.OwnBinDirectory, script, typed, id[..^1]]);
        Assert.Equal(id + "\n", bash.MustSucceed().Output);
        (await stage.CallAsync("rm", "-f", id)).MustSucceed();
    });
}
