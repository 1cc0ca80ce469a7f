using System.Text.RegularExpressions;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>The recorded run of the documentation is what the programs print now, but for numbers: pids, times, sizes.</summary>
public sealed partial class RecordTests
{
    [Fact]
    public async Task TheRecordedRunIsTrueToThePrograms()
    {
        DaemonLine.Require(DaemonLine.Own);
        DaemonLine.RequireProgram(CtlStage.Program, "shimctl");
        string record = await File.ReadAllTextAsync(Path.Combine(RuntimeUnderTest.RepositoryRoot, "docs/shimctl-session.txt"), TestContext.Current.CancellationToken);
        string probe = Path.Combine(AppContext.BaseDirectory, "probe");
        CommandResult again = await Command.RunAsync("bash",
        [
            "-ec", "cd \"$1\"; export PROBE=$2; \"$2\" guard unshare --mount --propagation private bash eng/demo/record.sh", "bash", RuntimeUnderTest.RepositoryRoot, probe,
        ]);
        Assert.Equal(WithoutNumbers(record), WithoutNumbers(again.MustSucceed().Output));
    }

    private static string WithoutNumbers(string text)
    {
        string plain = Identifier().Replace(text, "e-#");
        plain = Number().Replace(plain, "#");
        plain = Size().Replace(plain, "# B");
        plain = KernelState().Replace(plain, "(#)");
        return Blanks().Replace(plain, " ");
    }

    [GeneratedRegex("e-[0-9a-f]{8}")]
    private static partial Regex Identifier();

    [GeneratedRegex("[0-9][0-9.:TZ-]*")]
    private static partial Regex Number();

    [GeneratedRegex("# (B|KiB|MiB|GiB)\\b")]
    private static partial Regex Size();

    [GeneratedRegex("\\([RSD]\\)")]
    private static partial Regex KernelState();

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();
}
