using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Stdio.Binaries;

/// <summary>Logging binaries that are shell scripts: what they are given, what they must say, and what their death costs.</summary>
[Collection(OneProcessAtATime.Name)]
public sealed class LoggingBinaryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RememberedLog _log = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("binary", "exec 5>&-")]
    [InlineData("binary", "printf x >&5; exec 5>&-")]
    [InlineData("binary-v2", "printf x >&5")]
    public void ALoggerGetsArgumentsEnvironmentAndBothStreams(string scheme, string ready) => Run(async (opener, context) =>
    {
        string logger = _directory.WriteScript("logger", $$"""
            cd {{_directory.Path}}
            printf '%s\n' "$0" "$@" > argv
            tr '\0' '\n' < /proc/$$/environ | sort > env
            ls /proc/$$/fd > fds
            {{ready}}
            cat <&4 > err &
            cat <&3 > out
            wait
            echo done > end
            """);
        (ProcessStdio stdio, ChildStdio child) = await opener.OpenPipesAsync(Request($"{scheme}://{logger}?z=1&flag&a=b%20c"), CancellationToken.None);
        stdio.Start();
        Files.Write(child.Stdout!, "to stdout\n"u8);
        Files.Write(child.Stderr!, "to stderr\n"u8);
        Assert.Null(child.Stdin);
        child.Dispose();
        await stdio.CloseAsync();
        Assert.Equal([logger, "z", "1", "flag", "", "a", "b c"], File.ReadAllLines(_directory["argv"]));
        Assert.Equal(["CONTAINER_ID=e1", "CONTAINER_NAMESPACE=ns"], File.ReadAllLines(_directory["env"]).Where(line => line.StartsWith("CONTAINER", StringComparison.Ordinal)));
        Assert.Equal(["3", "4", "5"], File.ReadAllLines(_directory["fds"]).Where(fd => fd.Length == 1 && fd[0] > '2')); // the shell has more of its own
        Assert.Equal(("to stdout\n", "to stderr\n", "done\n"), (Read("out"), Read("err"), Read("end")));
    });

    [Theory]
    [InlineData("binary", "exit 1", "has ended before its container was there")]
    [InlineData("binary-v2", "exit 1", "did not call ready")]
    [InlineData("binary-v2", "exec 5>&-; sleep 60", "did not call ready")]
    [InlineData("binary", "exec 3<&- 4<&- 5>&-; sleep 60", "has closed both streams")]
    public void ALoggerThatIsNotReadyIsAnError(string scheme, string script, string reason) => Run(async (opener, _) =>
    {
        string logger = _directory.WriteScript("logger", script);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => opener.OpenPipesAsync(Request($"{scheme}://{logger}"), CancellationToken.None));
        Assert.StartsWith("failed to create init process I/O: logging binary", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void ALoggerThatDoesNotExistIsNamed() => Run(async (opener, _) =>
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => opener.OpenPipesAsync(Request("binary:///no/such/logger"), CancellationToken.None));
        Assert.Contains("execve /no/such/logger", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void ALoggerThatNeverSaysReadyIsKilledWhenItsCallerGivesUp() => Run(async (opener, context) =>
    {
        string logger = _directory.WriteScript("logger", $"echo $$ > {_directory["pid"]}; exec sleep 60");
        using CancellationTokenSource caller = new(TimeSpan.FromMilliseconds(300), context.Loop.Timers);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opener.OpenPipesAsync(Request($"binary://{logger}"), caller.Token));
        int pid = int.Parse(Read("pid"), System.Globalization.CultureInfo.InvariantCulture);
        await LoopTest.UntilAsync(() => !ProcessSignals.Exists(pid));
    });

    [Fact]
    public void TheDeathOfALoggerDoesNotHurtTheProcessAndIsCounted() => Run(async (opener, context) =>
    {
        string logger = _directory.WriteScript("logger", "printf x >&5; read line <&3; exit 3");
        (ProcessStdio stdio, ChildStdio child) = await opener.OpenPipesAsync(Request($"binary-v2://{logger}"), CancellationToken.None);
        Files.SetNonBlocking(child.Stdout!, true);
        Files.Write(child.Stdout!, "the last line that it reads\n"u8);
        int written = 0;
        while (written < 1_000_000)
        {
            IoResult result = Files.Write(child.Stdout!, new byte[1000]);
            Assert.NotEqual(Errno.EPIPE, result.Errno);
            written += result.Count;
            await Task.Yield();
        }

        child.Dispose();
        await stdio.CloseAsync();
        Assert.Contains(_log.Lines, line => line.Contains("has ended with status 3", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.StartsWith("1000000 bytes of output", StringComparison.Ordinal));
    });

    [Fact]
    public void ALoggerThatDoesNotEndItselfGetsSigterm() => Run(async (opener, _) =>
    {
        string logger = _directory.WriteScript("logger", $"trap 'echo term > {_directory["end"]}; exit 0' TERM; printf x >&5; while :; do sleep 0.05; done");
        (ProcessStdio stdio, ChildStdio child) = await opener.OpenPipesAsync(Request($"binary-v2://{logger}"), CancellationToken.None);
        child.Dispose();
        await stdio.CloseAsync();
        Assert.Equal("term\n", Read("end"));
    });

    private static StreamRequest Request(string uri) => new(new StdioPaths("", uri, uri, false), new StreamOwner(0, 0), "e1");

    private string Read(string name) => File.ReadAllText(_directory[name]);

    private void Run(Func<StreamOpener, StdioContext, Task> test) => LoopTest.Run(async loop =>
    {
        Reaper reaper = new(loop.Timers);
        using ITimer reaping = loop.Timers.CreateTimer(_ => reaper.ReapAll(), null, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2));
        StdioContext context = StdioInTest.Context(loop, _log, reaper);
        await test(new StreamOpener(context, "ns"), context);
        await LoopTest.UntilAsync(() => reaper.Expected == 0);
    });
}
