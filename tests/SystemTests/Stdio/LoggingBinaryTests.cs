using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Stdio;

/// <summary>Output that goes to a program by <c>binary://</c>, as nerdctl has it.</summary>
public sealed class LoggingBinaryTests
{
    // Ends by the end of its streams and not by SIGTERM, as the reference's helper library does.
    private const string Collect = """
        #!/bin/sh
        trap '' TERM
        echo "args $*" >"$2.$CONTAINER_ID"
        echo "namespace $CONTAINER_NAMESPACE" >>"$2.$CONTAINER_ID"
        cat <&4 >"$2.$CONTAINER_ID.err" &
        printf x >&5
        exec 5>&-
        cat <&3 >"$2.$CONTAINER_ID.out"
        wait
        """;

    [Feature("output to a logging binary (binary://)")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task BothStreamsOfInitAndExecGoToTheirLoggers(string line) => Stage.RunAsync(line, async stage =>
    {
        string uri = Logger(stage, Collect, "binary");
        string log = Path.Combine(stage.Directory, "log");
        (await stage.Ctr.RunAsync(stage.Ctr.RunArguments(
            "c1", ["/bin/sh", "-c", "echo to stdout; echo to stderr >&2; exec sleep 1000"], ["--detach", "--log-uri", uri]))).MustSucceed();
        CommandResult exec = await stage.Ctr.RunAsync("tasks", "exec", "--exec-id", "e1", "--log-uri", uri, "c1", "/bin/sh", "-c", "echo of exec; exit 7");
        Assert.Equal(7, exec.ExitCode);
        await LogFileTests.EndAsync(stage, "c1");
        Assert.Equal($"args log {log}\nnamespace {stage.Name}\n", LogFileTests.Text($"{log}.c1"));
        Assert.Equal(("to stdout\n", "to stderr\n"), (LogFileTests.Text($"{log}.c1.out"), LogFileTests.Text($"{log}.c1.err")));
        Assert.Equal("of exec\n", LogFileTests.Text($"{log}.e1.out"));
    });

    [Feature("output of a terminal to a logging binary")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ATerminalsOutputGoesToItsLogger(string line) => Stage.RunAsync(line, async stage =>
    {
        string uri = Logger(stage, Collect, "binary");
        Assert.Equal(5u, await LogFileTests.RunAsync(stage, ["/bin/sh", "-c", "tty; echo last; exit 5"], uri, terminal: true));
        string output = Path.Combine(stage.Directory, "log.c1.out");
        await Until.TrueAsync(() => LogFileTests.Text(output) == "/dev/pts/0\r\nlast\r\n", "the logger's file");
    });

    [Feature("strict logging binary (binary-v2://)")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task EveryByteIsWithTheLoggerWhenDeleteReturns(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference has binary-v2 since 2.3 and cuts off a logger that does not ignore SIGTERM");
        string uri = Logger(stage, Collect.Replace("trap '' TERM\n", "", StringComparison.Ordinal), "binary-v2");
        Assert.Equal(0u, await LogFileTests.RunAsync(stage, ["/bin/seq", "1", "300000"], uri));
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(stage.Directory, "log.c1.out"));
        Assert.Equal((300_000, "300000"), (lines.Length, lines[^1]));
    });

    [Feature("container survives its logging binary")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ALoggerThatDiesDoesNotHurtTheContainer(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference's container gets SIGPIPE");
        string uri = Logger(stage, "#!/bin/sh\nprintf x >&5\nread line <&3\nexit 3\n", "binary");
        Assert.Equal(6u, await LogFileTests.RunAsync(stage, ["/bin/sh", "-c", "seq 1 200000; exit 6"], uri));
        await Until.TrueAsync(() => LogFileTests.Text(stage.Daemon.LogFile).Contains("has ended with status 3", StringComparison.Ordinal), "the death in the log");
    });

    private static string Logger(Stage stage, string script, string scheme)
    {
        string path = Path.Combine(stage.Directory, "logger");
        ProgramFile.Write(path, script);
        return $"{scheme}://{path}?log={Path.Combine(stage.Directory, "log")}";
    }
}
