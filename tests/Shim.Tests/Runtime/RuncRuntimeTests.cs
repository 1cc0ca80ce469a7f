using ShimStack.Api.Runc;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Runtime;

/// <summary>What the runtime is called with, seen by a script in its place; and what its failures become.</summary>
[Collection(OneProcessAtATime.Name)]
public sealed class RuncRuntimeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RuntimeCalls _calls = new(TimeProvider.System);
    private TimeSpan _limit = TimeSpan.FromMinutes(1);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void TheArgumentsOfEachCommandAreThoseOfTheContract() => Run(async (runtime, binary) =>
    {
        string bundle = _directory.Path;
        string[] prefix = ["--root", "/r/ns", "--log", $"{bundle}/log.json", "--log-format", "json"];
        CancellationToken none = CancellationToken.None;

        await runtime.CreateAsync(new CreateCommand("c1", bundle, "/p", null, null), none);
        Expect([.. prefix, "create", "--bundle", bundle, "--pid-file", "/p", "c1"]);
        await runtime.CreateAsync(new CreateCommand("c1", bundle, "/p", "/s", null), none);
        Expect([.. prefix, "create", "--bundle", bundle, "--pid-file", "/p", "--console-socket", "/s", "c1"]);
        await runtime.StartAsync("c1", none);
        Expect([.. prefix, "start", "c1"]);
        await runtime.KillAsync("c1", 15, all: false, none);
        Expect([.. prefix, "kill", "c1", "15"]);
        await runtime.KillAsync("c1", 9, all: true, none);
        Expect([.. prefix, "kill", "--all", "c1", "9"]);
        await runtime.PauseAsync("c1", none);
        Expect([.. prefix, "pause", "c1"]);
        await runtime.ResumeAsync("c1", none);
        Expect([.. prefix, "resume", "c1"]);
        await runtime.DeleteAsync("c1", force: false, none);
        Expect([.. prefix, "delete", "c1"]);
        await runtime.DeleteAsync("c1", force: true, none);
        Expect([.. prefix, "delete", "--force", "c1"]);
        await runtime.CheckpointAsync(new CheckpointCommand("c1", "/i", "/w", new CheckpointOptions()), none);
        Expect([.. prefix, "checkpoint", "--image-path", "/i", "--work-path", "/w", "--leave-running", "c1"]);
        await runtime.RestoreAsync(new CreateCommand("c1", bundle, "/p", null, null), new RestoreSource("/i", "", "/w"), none);
        Expect([.. prefix, "restore", "--image-path", "/i", "--work-path", "/w", "--detach", "--pid-file", "/p", "-no-subreaper", "--bundle", bundle, "c1"]);
    });

    [Fact]
    public void TheSettingsOfTheContainerGoBeforeTheCommandOrIntoCreate() => Run(
        async (runtime, _) =>
        {
            string bundle = _directory.Path;
            await runtime.CreateAsync(new CreateCommand("c1", bundle, "/p", null, null), CancellationToken.None);
            Expect([
                "--root", "/r/ns", "--log", $"{bundle}/log.json", "--log-format", "json", "--criu", "/criu", "--systemd-cgroup",
                "create", "--bundle", bundle, "--pid-file", "/p", "--no-pivot", "--no-new-keyring", "c1"]);
        },
        new Options { Root = "/r", CriuPath = "/criu", SystemdCgroup = true, NoPivotRoot = true, NoNewKeyring = true });

    [Fact]
    public void TheProcessOfAnExecIsInAFileThatGoesAwayAfterTheCall() => Run(async (runtime, _) =>
    {
        byte[] spec = """{"args":["true"]}"""u8.ToArray();
        await runtime.ExecAsync(new ExecCommand("c1", "/p", spec, null, null), CancellationToken.None);
        string[] seen = Arguments()[6..];
        Assert.Equal(["exec", "--process"], seen[..2]);
        Assert.Equal(["--detach", "--pid-file", "/p", "c1"], seen[3..]);
        Assert.Equal(spec, File.ReadAllBytes(_directory["spec"]));
        Assert.False(File.Exists(seen[2]));
    });

    [Fact]
    public void AnUpdateHasItsResourcesOnStandardInput() => Run(async (runtime, _) =>
    {
        await runtime.UpdateAsync("c1", """{"memory":{}}"""u8.ToArray(), CancellationToken.None);
        Assert.Equal(["update", "--resources=-", "c1"], Arguments()[6..]);
        Assert.Equal("""{"memory":{}}""", File.ReadAllText(_directory["stdin"]));
    });

    [Fact]
    public void AFailureIsExplainedByTheRuntimesLog() => Run(async (runtime, _) =>
    {
        _directory.Write("fail", """echo '{"level":"error","msg":"no such thing"}' >> "$DIRECTORY/log.json"; echo noise; exit 1""");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => runtime.StartAsync("c1", CancellationToken.None));
        Assert.Equal("OCI runtime start failed: no such thing", failure.Message);
        Assert.Equal(RpcCode.Unknown, failure.Code);
    });

    [Fact]
    public void AFailureWithoutALogLineTellsStatusAndOutput() => Run(async (runtime, binary) =>
    {
        _directory.Write("log.json", "");
        _directory.Write("fail", "echo noise; echo more >&2; exit 3");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => runtime.StartAsync("c1", CancellationToken.None));
        Assert.Equal($"OCI runtime start failed: {binary} did not terminate successfully: exit status 3: noise\nmore\n", failure.Message);

        _directory.Write("fail", "kill -9 $$");
        failure = await Assert.ThrowsAsync<RpcException>(() => runtime.StartAsync("c1", CancellationToken.None));
        Assert.Equal($"OCI runtime start failed: {binary} did not terminate successfully: exit status 137", failure.Message);
    });

    [Fact]
    public void ADeleteOfWhatDoesNotExistSucceeds() => Run(async (runtime, _) =>
    {
        _directory.Write("log.json", "");
        _directory.Write("fail", "echo 'container does not exist'; exit 1");
        await runtime.DeleteAsync("c1", force: false, CancellationToken.None);
        _directory.Write("fail", "echo 'busy'; exit 1");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => runtime.DeleteAsync("c1", force: false, CancellationToken.None));
        Assert.StartsWith("failed to delete task: ", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void OutputBeyondAPipeDoesNotHangTheCallAndIsCutInTheError() => Run(async (runtime, _) =>
    {
        _directory.Write("log.json", "");
        _directory.Write("fail", "yes | head -c 300000; exit 1");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => runtime.StartAsync("c1", CancellationToken.None));
        Assert.InRange(failure.Message.Length, 16 * 1024, 17 * 1024);
    });

    [Fact]
    public void ADaemonThatKeepsTheOutputOpenIsNotWaitedFor() => Run(async (runtime, _) =>
    {
        _directory.Write("fail", "sleep 100 & echo $! > \"$DIRECTORY/daemon\"; exit 0");
        await runtime.StartAsync("c1", CancellationToken.None);
        Native.Processes.ProcessSignals.Send(int.Parse(File.ReadAllText(_directory["daemon"]), System.Globalization.CultureInfo.InvariantCulture), 9);
    });

    [Fact]
    public void ACancelledCallEndsTheRuntime() => Run(async (runtime, _) =>
    {
        _directory.Write("fail", "echo $$ > \"$DIRECTORY/pid\"; exec sleep 100");
        using CancellationTokenSource cancel = new();
        Task start = runtime.StartAsync("c1", cancel.Token);
        await LoopTest.UntilAsync(() => File.Exists(_directory["pid"]) && new FileInfo(_directory["pid"]).Length > 1);
        int pid = int.Parse(File.ReadAllText(_directory["pid"]), System.Globalization.CultureInfo.InvariantCulture);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        Assert.False(Native.Processes.ProcessSignals.Exists(pid));
    });

    [Fact]
    public void ACallWhoseTimeIsOverIsKilledWithAllThatItStarted()
    {
        _limit = TimeSpan.FromMilliseconds(300);
        Run(async (runtime, binary) =>
        {
            _directory.Write("log.json", "{\"level\":\"error\",\"msg\":\"from before\"}\n");
            _directory.Write("fail", "sleep 100 & echo $! > \"$DIRECTORY/pids\"; echo $$ >> \"$DIRECTORY/pids\"; wait");
            RpcException failure = await Assert.ThrowsAsync<RpcException>(() => runtime.StartAsync("c1", CancellationToken.None));
            Assert.Equal((RpcCode.DeadlineExceeded, $"OCI runtime start failed: {binary} start did not end within 0.3 s and was killed"), (failure.Code, failure.Message));
            int[] pids = [.. File.ReadAllLines(_directory["pids"]).Select(static pid => int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture))];
            Assert.Equal(2, pids.Length);
            await LoopTest.UntilAsync(() => pids.All(static pid => !IsAlive(pid)));
            Assert.Equal(("start", "c1", "killed, its time was over"), _calls.Ended.Select(static call => (call.Command, call.Container, call.Outcome)).Single());
        });
    }

    [Fact]
    public void ACheckpointHasAllTheTimeItNeeds()
    {
        _limit = TimeSpan.FromMilliseconds(100);
        Run(async (runtime, _) =>
        {
            _directory.Write("fail", "sleep 0.4");
            await runtime.CheckpointAsync(new CheckpointCommand("c1", "/i", "/w", new CheckpointOptions()), CancellationToken.None);
            await Assert.ThrowsAsync<RpcException>(() => runtime.PauseAsync("c1", CancellationToken.None));
        });
    }

    [Fact]
    public void WhatTheRuntimeDoesAndDidCanBeAskedFor() => Run(async (runtime, _) =>
    {
        _directory.Write("fail", "exit 3");
        await Assert.ThrowsAsync<RpcException>(() => runtime.StartAsync("c1", CancellationToken.None));
        _directory.Write("fail", "echo $$ > \"$DIRECTORY/pid\"; exec sleep 100");
        using CancellationTokenSource cancel = new();
        Task pause = runtime.PauseAsync("c1", cancel.Token);
        RuntimeCall running = Assert.Single(_calls.Running);
        Assert.Equal(("pause", null), (running.Command, running.Took));
        await LoopTest.UntilAsync(() => File.Exists(_directory["pid"]));
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pause);
        Assert.Empty(_calls.Running);
        Assert.Equal(["start exit status 3", "pause exit status 137"], _calls.Ended.Select(static call => $"{call.Command} {call.Outcome}"));
    });

    [Theory]
    [InlineData("shimstack-no-such-runtime", "exec: \"shimstack-no-such-runtime\": executable file not found in $PATH")]
    [InlineData("/no/such/runtime", "fork/exec /no/such/runtime: no such file or directory")]
    public void AMissingRuntimeIsToldInTheWordsThatClientsKnow(string binary, string words) => Run(
        async (runtime, _) =>
        {
            RpcException failure = await Assert.ThrowsAsync<RpcException>(
                () => runtime.CreateAsync(new CreateCommand("c1", _directory.Path, "/p", null, null), CancellationToken.None));
            Assert.EndsWith(words, failure.Message, StringComparison.Ordinal);
            Assert.Equal(RpcCode.Unknown, failure.Code);
        },
        new Options { BinaryName = binary });

    [Fact]
    public void AKillThatCannotBeSpawnedIsAFailedKill() => Run(
        async (runtime, _) =>
        {
            string text = _directory.Write("text", "#!/no/such/interpreter\n");
            Native.Files.Files.SetMode(text, 0b111_000_000);
            await Assert.ThrowsAsync<RpcException>(() => runtime.KillAsync("c1", 9, all: true, CancellationToken.None));
        },
        new Options { BinaryName = Path.Join(_directory.Path, "text") });

    [Fact]
    public void DefaultsAreThoseOfTheContract()
    {
        RuntimeSettings settings = RuntimeSettings.From(new Options(), "k8s.io");
        Assert.Equal("runc", settings.Binary);
        Assert.Equal("/run/containerd/runc/k8s.io", settings.Root);
    }

    private void Run(Func<RuncRuntime, string, Task> test, Options? options = null) => LoopTest.Run(async loop =>
    {
        string script = """
            printf '%s\n' "$@" > "$DIRECTORY/argv"
            cat > "$DIRECTORY/stdin"
            while [ $# -gt 0 ]; do if [ "$1" = --process ]; then cat "$2" > "$DIRECTORY/spec"; fi; shift; done
            if [ -e "$DIRECTORY/fail" ]; then . "$DIRECTORY/fail"; fi
            """;
        string binary = _directory.WriteScript("runtime", script);
        options ??= new Options { Root = "/r" };
        if (options.BinaryName.Length == 0)
        {
            options.BinaryName = binary;
        }

        Reaper reaper = new(loop.Timers);
        using ITimer reaping = loop.Timers.CreateTimer(_ => reaper.ReapAll(), null, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2));
        string[] environment = ["PATH=/usr/bin:/bin", $"DIRECTORY={_directory.Path}"];
        RuntimeSettings settings = RuntimeSettings.From(options, "ns") with { Limit = () => _limit };
        RuncRuntime runtime = new(new RuntimeProcess(loop, reaper, _calls), settings, _directory.Path, environment);
        await test(runtime, binary);
        Assert.Equal(0, reaper.Expected);
    });

    // A zombie is dead; the test's parent may not reap the orphans of a killed group.
    private static bool IsAlive(int pid) =>
        File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat") is string stat && stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z';

    private string[] Arguments() => File.ReadAllLines(_directory["argv"]);

    private void Expect(string[] arguments) => Assert.Equal(arguments, Arguments());
}
