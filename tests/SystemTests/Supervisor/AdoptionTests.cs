using System.Globalization;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Tasks;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>A shim dies under shimstackd, and another process takes its place: what the container and its clients notice of it.</summary>
[Collection(nameof(Alone))]
public sealed class AdoptionTests
{
    private const int InMemory = 4096; // what a stream of the dead shim may have held at most
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed: the container lives on, its output goes on, and an open wait gets the true code, once")]
    public Task OutputAndExitGoOn(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "i=0; while [ ! -e /go ]; do echo line $i; i=$((i+1)); usleep 2000; done; exit 7"]);
        Task<uint> exit = container.WaitAsync();
        await HasLinesAsync(container, 20);
        await stage.KillShimAsync();
        await HasLinesAsync(container, Lines(container).Length + 50);
        Process state = await container.StateAsync();
        Assert.Equal((Status.Running, (uint)container.Pid), (state.Status, state.Pid));
        Assert.True(ProcessTable.Runs(container.Pid));
        await EndByFileAsync(stage);
        Assert.Equal(7u, await exit);
        Assert.Equal(7u, await container.DeleteAsync());
        string text = await container.Output!.Completion;
        AssertLines(text);
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the end");
        Assert.Equal(["create", "start", "exit", "delete"], log.Story("c1"));
        Assert.Equal(7u, Assert.Single(log.Events, e => e.Topic == "/tasks/exit").ExitStatus);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed: stdin goes on, and its end")]
    public Task InputGoesOn(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/cat"], new ContainerSettings { Input = true });
        await using FileStream input = new(container.InputPath, FileMode.Open, FileAccess.Write);
        await TypeAsync(container, input, "before\n", "before\n");
        await stage.KillShimAsync();
        await TypeAsync(container, input, "after\n", "before\nafter\n");
        Task<uint> exit = container.WaitAsync();
        await container.CloseInputAsync();
        input.Close();
        Assert.Equal(0u, await exit);
        Assert.Equal(0u, await container.DeleteAsync());
        Assert.Equal("before\nafter\n", await container.Output!.Completion);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed: a terminal goes on, and its size can be set")]
    public Task ATerminalGoesOn(string line) => Stage.RunAsync(line, async stage =>
    {
        string[] shell = ["/bin/sh", "-c", "stty -echo; echo ready; while read word; do [ $word = end ] && exit 9; echo got $word; stty size; done"];
        Container container = await Container.RunAsync(stage, "c1", shell, new ContainerSettings { Input = true, Terminal = true });
        await using FileStream input = new(container.InputPath, FileMode.Open, FileAccess.Write);
        await Until.TrueAsync(() => container.Output!.Text.Contains("ready", StringComparison.Ordinal), "the shell is ready");
        await stage.KillShimAsync();
        await stage.Client.Tasks.ResizePtyAsync(new ResizePtyRequest { ContainerId = "c1", Width = 77, Height = 33 });
        await TypeAsync(container, input, "one\n", "ready\r\ngot one\r\n33 77\r\n");
        Task<uint> exit = container.WaitAsync();
        await TypeAsync(container, input, "end\n", "ready\r\ngot one\r\n33 77\r\n");
        Assert.Equal(9u, await exit);
        await container.DeleteAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed: a running exec goes on with its true code, a waiting one can be started, and new ones can be made")]
    public Task ExecsGoOn(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        await container.AddExecAsync("runs", "/bin/sh", "-c", "while [ ! -e /go ]; do usleep 5000; done; exit 24");
        await container.StartAsync("runs");
        await container.AddExecAsync("waits", "/bin/sh", "-c", "exit 25");
        Task<uint> exit = container.WaitAsync("runs");
        await stage.KillShimAsync();
        Task<uint> later = container.WaitAsync("waits");
        await container.StartAsync("waits");
        await container.AddExecAsync("new", "/bin/sh", "-c", "exit 26");
        await container.StartAsync("new");
        Assert.Equal((25u, 26u), (await later, await container.WaitAsync("new")));
        await EndByFileAsync(stage);
        Assert.Equal(24u, await exit);
        Assert.Equal((24u, 25u, 26u), (await container.DeleteExecAsync("runs"), await container.DeleteExecAsync("waits"), await container.DeleteExecAsync("new")));
        await container.EndAsync();
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the end");
        Assert.Equal(4, log.Events.Count(e => e.Topic == "/tasks/exit"));
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed: what is paused, created or stopped stays so, and goes on from there")]
    public Task EachStateStays(string line) => Stage.RunAsync(line, async stage =>
    {
        Container paused = await Container.RunAsync(stage, "paused", Sleep);
        await paused.PauseAsync();
        await stage.KillShimAsync();
        Assert.Equal(Status.Paused, (await paused.StateAsync()).Status);
        await paused.ResumeAsync();
        await paused.EndAsync();
        Container created = await Container.CreateAsync(stage, "created", ["/bin/sh", "-c", "exit 5"]);
        await stage.KillShimAsync();
        Assert.Equal(Status.Created, (await created.StateAsync()).Status);
        Task<uint> exit = created.WaitAsync();
        await created.StartAsync();
        Assert.Equal(5u, await exit);
        await stage.KillShimAsync();
        Process state = await created.StateAsync();
        Assert.Equal((Status.Stopped, 5u), (state.Status, state.ExitStatus));
        Assert.Equal(5u, await created.DeleteAsync());
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed in the moment in which its container ends: the true code")]
    public Task AnExitMeanwhileIsTrue(string line) => Stage.RunAsync(line, async stage =>
    {
        for (int round = 0; round < 6; round++)
        {
            string end = $"/end{round}";
            Container container = await Container.RunAsync(stage, $"c{round}", ["/bin/sh", "-c", $"read line <{end}; exit 23"], new ContainerSettings { Spec = _ => Fifo.Make(stage.Rootfs + end) });
            Task<uint> exit = container.WaitAsync();
            await using FileStream gate = await Task.Run(() => new FileStream(stage.Rootfs + end, FileMode.Open, FileAccess.Write));
            gate.WriteByte((byte)'\n');
            gate.Flush();
            await Task.Delay(round); // at another moment of the end each time
            await stage.KillShimAsync();
            Assert.Equal(23u, await exit);
            Assert.Equal(23u, await container.DeleteAsync());
        }
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim of a pod killed: all of its containers live on, each with its own exit")]
    public Task APodLivesOn(string line) => Stage.RunAsync(line, async stage =>
    {
        ContainerSettings member = new() { Spec = spec => spec["annotations"] = new System.Text.Json.Nodes.JsonObject { ["io.kubernetes.cri.sandbox-id"] = "pod" } };
        Container pod = await Container.RunAsync(stage, "pod", Sleep, member);
        Container first = await Container.RunAsync(stage, "first", ["/bin/sh", "-c", "while [ ! -e /go ]; do usleep 5000; done; exit 31"], member);
        Container second = await Container.RunAsync(stage, "second", ["/bin/sh", "-c", "while [ ! -e /go ]; do usleep 5000; done; exit 32"], member);
        (Task<uint> firstExit, Task<uint> secondExit) = (first.WaitAsync(), second.WaitAsync());
        await stage.KillShimAsync();
        ListTasksResponse list = await stage.Client.Tasks.ListAsync(new ListTasksRequest());
        Assert.All(list.Tasks, task => Assert.Equal(Status.Running, task.Status));
        Assert.Single(stage.Shims());
        Container third = await Container.RunAsync(stage, "third", ["/bin/sh", "-c", "exit 33"], member);
        Assert.Equal(33u, await third.WaitAsync());
        await EndByFileAsync(stage);
        Assert.Equal((31u, 32u), (await firstExit, await secondExit));
        foreach (Container container in (Container[])[first, second, third])
        {
            await container.DeleteAsync();
        }

        await pod.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed twice in a row: the container lives on")]
    public Task TwiceInARow(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "i=0; while [ ! -e /go ]; do echo line $i; i=$((i+1)); usleep 2000; done; exit 7"]);
        Task<uint> exit = container.WaitAsync();
        await stage.KillShimAsync();
        await container.StateAsync();
        await stage.KillShimAsync();
        await HasLinesAsync(container, Lines(container).Length + 20);
        await EndByFileAsync(stage);
        Assert.Equal(7u, await exit);
        Assert.Equal(7u, await container.DeleteAsync());
        AssertLines(await container.Output!.Completion);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim that dies again and again: it is given up, its container is killed and its end told")]
    public Task AgainAndAgain(string line) => Stage.RunAsync(line, async stage =>
    {
        using EventLog log = await EventLog.FollowAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        Task<uint> exit = container.WaitAsync();
        await stage.LoseShimAsync();
        Assert.Equal(137u, await exit);
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/delete"), "the end");
        Assert.Equal(["create", "start", "exit", "delete"], log.Story("c1"));
        Assert.Contains("is given up", await File.ReadAllTextAsync(stage.Daemon.LogFile), StringComparison.Ordinal);
        await container.DeleteRecordAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed after a restart of the daemon: the container lives on")]
    public Task AfterARestart(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "while [ ! -e /go ]; do usleep 5000; done; exit 7"]);
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAsync();
        Task<uint> exit = container.WaitAsync();
        await stage.KillShimAsync();
        Assert.Equal(Status.Running, (await container.StateAsync()).Status);
        await EndByFileAsync(stage);
        Assert.Equal(7u, await exit);
        Assert.Equal(7u, await container.DeleteAsync());
    });

    // What the shim leaves with the new daemon is not read yet: see ParkingEndpoint.Pause.
    [Theory, InlineData(DaemonLine.Own)]
    public Task InTheFirstMomentOfADaemon(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "i=0; while [ ! -e /go ]; do echo line $i; i=$((i+1)); usleep 2000; done; exit 7"]);
        for (int round = 0; round < 3; round++)
        {
            await stage.Daemon.KillAsync();
            await stage.Daemon.StartAsync();
            Assert.Equal(Status.Running, (await container.StateAsync()).Status); // the shim has met the daemon
            if (round == 2)
            {
                await EndByFileAsync(stage); // its container ends in the same moment
            }

            await stage.KillShimAsync();
            await container.StateAsync(); // another one has it
        }

        Assert.Equal(7u, await container.WaitAsync());
        Assert.Equal(7u, await container.DeleteAsync());
        AssertLines(await container.Output!.Completion);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed, then the daemon: the container ends with its true code when both are others")]
    public Task TheDaemonGoesAfterIt(string line) => Stage.RunAsync(line, async stage =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "while [ ! -e /go ]; do usleep 5000; done; exit 7"]);
        await stage.KillShimAsync();
        Assert.Equal(Status.Running, (await container.StateAsync()).Status);
        await stage.Daemon.KillAsync();
        await EndByFileAsync(stage);
        await Until.TrueAsync(() => !ProcessTable.Runs(container.Pid), "the container ends");
        await stage.Daemon.StartAsync();
        Assert.Equal(7u, await container.WaitAsync());
        Assert.Equal(7u, await container.DeleteAsync());
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed after an upgrade of the daemon, and after one of its own: the container lives on")]
    public Task AfterAnUpgrade(string line) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "i=0; while [ ! -e /go ]; do echo line $i; i=$((i+1)); usleep 2000; done; exit 7"]);
        await builds.UpgradeAsync(builds.Second);
        await stage.KillShimAsync();
        await HasLinesAsync(container, Lines(container).Length + 20);
        await Command.RunAsync(Ctl.CtlStage.Program, stage.Ctr.Connected(["upgrade", "shims", "c1"]));
        await HasLinesAsync(container, Lines(container).Length + 20);
        await stage.KillShimAsync();
        await HasLinesAsync(container, Lines(container).Length + 20);
        Task<uint> exit = container.WaitAsync();
        await EndByFileAsync(stage);
        Assert.Equal(7u, await exit);
        Assert.Equal(7u, await container.DeleteAsync());
        AssertLines(await container.Output!.Completion);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed while the runtime starts its container or an exec: the start succeeds, or fails for a reason, and nothing is left")]
    public Task InTheMiddleOfAStart(string line) => Stage.RunAsync(line, async stage =>
    {
        foreach (string step in (string[])["before start", "after start", "before exec", "after exec"])
        {
            string id = step.Replace(' ', '-');
            using Crash.SteppingRuntime runtime = Crash.SteppingRuntime.Create(stage, step, id);
            Container container = await Container.CreateAsync(stage, id, Sleep, new ContainerSettings { RuntimeBinary = runtime.Path });
            Task start = StartAsync(container, step.EndsWith("exec", StringComparison.Ordinal));
            await runtime.StoppedAsync();
            await stage.KillShimAsync();
            runtime.LetGo();
            await ((Task)start).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.Equal(step == "after exec" ? typeof(RpcException) : null, start.Exception?.InnerException?.GetType());
            Assert.Equal(Status.Running, (await container.StateAsync()).Status);
            await container.EndAsync();
        }
    });

    private static async Task StartAsync(Container container, bool exec)
    {
        await container.StartAsync();
        if (exec)
        {
            await container.AddExecAsync("e1", Sleep);
            await container.StartAsync("e1");
        }
    }

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed: a log file goes on")]
    public Task LogsGoOn(string line) => Stage.RunAsync(line, async stage =>
    {
        string file = Path.Combine(stage.Directory, "log");
        ContainerSettings settings = new() { OutputUri = $"file://{file}" };
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "i=0; while [ ! -e /go ]; do echo line $i; i=$((i+1)); usleep 2000; done; exit 7"], settings);
        await Until.TrueAsync(() => File.ReadLines(file).Count() > 20, "the first lines");
        await stage.KillShimAsync();
        int before = File.ReadLines(file).Count();
        await Until.TrueAsync(() => File.ReadLines(file).Count() > before + 20, "more lines");
        Task<uint> exit = container.WaitAsync();
        await EndByFileAsync(stage);
        Assert.Equal(7u, await exit);
        Assert.Equal(7u, await container.DeleteAsync());
        AssertLines(await File.ReadAllTextAsync(file));
    });

    [Theory, InlineData(DaemonLine.Own), Feature("shim killed while nobody reads the output: what waits is kept, in order")]
    public Task WhatNobodyReadsIsKept(string line) => Stage.RunAsync(line, async stage =>
    {
        string path = Path.Combine(stage.Directory, "nobody");
        Fifo.Make(path);
        string[] writer = ["/bin/sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; touch /written; while [ ! -e /go ]; do usleep 5000; done; exit 7"];
        Container container = await Container.RunAsync(stage, "c1", writer, new ContainerSettings { OutputUri = path });
        await Until.TrueAsync(() => File.Exists(Path.Combine(stage.Rootfs, "written")), "everything is written");
        await stage.KillShimAsync();
        await container.StateAsync();
        Task<string> output = Task.Run(() => ReadToEnd(path));
        Task<uint> exit = container.WaitAsync();
        await EndByFileAsync(stage);
        Assert.Equal(7u, await exit);
        Assert.Equal(7u, await container.DeleteAsync());
        string text = await output;
        AssertLines(text);
        Assert.EndsWith("line 19999\n", text, StringComparison.Ordinal);
    });

    private static string ReadToEnd(string path)
    {
        using StreamReader reader = new(path);
        return reader.ReadToEnd();
    }

    private static Task EndByFileAsync(Stage stage) => File.WriteAllTextAsync(Path.Combine(stage.Rootfs, "go"), "");

    private static string[] Lines(Container container) => container.Output!.Text.Split('\n');

    private static Task HasLinesAsync(Container container, int count) => Until.TrueAsync(() => Lines(container).Length > count, $"{count} lines");

    private static async Task TypeAsync(Container container, FileStream input, string text, string expected)
    {
        await input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
        await input.FlushAsync();
        await Until.TrueAsync(() => container.Output!.Text == expected, $"the answer {expected}");
    }

    // In their order, none twice, and no more missing than the dead shim can have held.
    private static void AssertLines(string text)
    {
        int last = -1, missing = 0;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int number = int.Parse(line["line ".Length..], CultureInfo.InvariantCulture);
            Assert.True(number > last, $"line {number} after {last}");
            missing += (number - last - 1) * line.Length;
            last = number;
        }

        Assert.True(missing <= InMemory, $"{missing} bytes are missing");
    }
}
