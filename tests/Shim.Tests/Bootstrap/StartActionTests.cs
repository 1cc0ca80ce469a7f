using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Bootstrap;
using ShimStack.Api.Runc;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

/// <summary>With a shell script in the place of the server: it tells through a FIFO what it was started with, and stays.</summary>
[Collection(OneProcessAtATime.Name)]
public sealed class StartActionTests : IDisposable
{
    private readonly int _childrenBefore = Children();
    private const string Script = """
        group=$(cut -d ' ' -f 5 /proc/$$/stat)
        ls /proc/$$/fd > fds
        kinds=$(for f in 0 1 2 3; do readlink /proc/$$/fd/$f; done | cut -d: -f1 | tr '\n' ' ')
        printf '%s\n' "$$" "$*" "$PWD" "$TTRPC_ADDRESS" "$group" "$kinds" > report
        exec sleep 1000
        """;

    // Without children of its own, which would become ours if it is killed among them.
    private const string ScriptOfNoChildren = "exec sleep 1000";

    private static readonly ShimArguments Arguments = new() { Namespace = "ns", Id = "c1", Address = "/grpc.sock" };

    private readonly TemporaryDirectory _bundle = new();
    private readonly List<int> _servers = [];

    public StartActionTests()
    {
        _bundle.WriteScript("server", Script);
        _bundle.Write("config.json", "{}");
        Native.Files.Files.MakeFifo(_bundle["report"], 0x180);
    }

    public void Dispose()
    {
        _servers.ForEach(ChildProcess.Kill);
        _bundle.Dispose();
    }

    [Fact]
    public void AServerIsStartedWithTheSocketAndTheAnswerNamesIt()
    {
        string address = Start(Parameters());
        string[] report = Report();

        Assert.StartsWith($"unix://{_bundle.Path}/s/", address, StringComparison.Ordinal);
        Assert.True(ListenSocket.Answers(SocketAddress.TryParse(address)!.Value));
        Assert.Equal("-namespace ns -id c1 -address /grpc.sock -debug", report[1]);
        Assert.Equal((_bundle.Path, "/ttrpc.sock"), (report[2], report[3]));
        int own = int.Parse(File.ReadAllText("/proc/self/oom_score_adj"));
        Assert.Equal($"{OomScore.Next(own)}\n", File.ReadAllText($"/proc/{report[0]}/oom_score_adj"));
        Assert.Equal(report[0], report[4]);
        Assert.Equal("/dev/null /dev/null /dev/null socket ", report[5]);

        // The shell keeps its script at 10, and its own output at 11 while it lists.
        Assert.Equal(["0", "1", "2", "3"], File.ReadAllLines(_bundle["fds"]).Where(fd => fd is not "10" and not "11").Order());
        Assert.Equal(address, File.ReadAllText(_bundle["address"]));
    }

    [Fact]
    public void ASecondContainerOfAGroupGetsTheSameShim()
    {
        _bundle.Write("config.json", """{"annotations":{"io.kubernetes.cri.sandbox-id":"pod"}}""");
        string first = Start(Parameters());
        Report();

        using var other = new TemporaryDirectory();
        other.Write("config.json", """{"annotations":{"io.kubernetes.cri.sandbox-id":"pod"}}""");
        BootstrapParams parameters = Parameters();
        parameters.InstanceId = "c2";

        // There is no such executable: whoever tried to start a server would fail.
        string second = Start(parameters, Arguments with { Id = "c2" }, other.Path, "/does/not/exist");
        Assert.Equal(first, second);
        Assert.Equal(first, File.ReadAllText(other["address"]));
    }

    [Fact]
    public void AServerThatCannotBeStartedLeavesNoSocket()
    {
        SyscallException e = Assert.Throws<SyscallException>(() => Start(Parameters(), executable: "/does/not/exist"));
        Assert.Equal(("execve", Errno.ENOENT), (e.Call, e.Errno));
        Assert.Empty(Directory.GetFiles(_bundle["s"]));
    }

    [Fact]
    public void AFailureAfterTheSpawnKillsTheServer()
    {
        _bundle.WriteScript("server", ScriptOfNoChildren);
        BootstrapParams parameters = Parameters();
        var options = new Options { ShimCgroup = "/shimstack-there-is-no-such-cgroup" };
        var value = new Any { TypeUrl = TypeUrls.RuncOptions, Value = options.ToByteString() };
        parameters.Extensions.Add(new Api.Bootstrap.Extension { Value = value });

        StartupException e = Assert.Throws<StartupException>(() => Start(parameters));
        Assert.Contains("/shimstack-there-is-no-such-cgroup", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_bundle["s"]));
        Assert.Equal(_childrenBefore, Children());
    }

    [Fact]
    public void AnAnswerThatNobodyTakesKillsTheServer()
    {
        _bundle.WriteScript("server", ScriptOfNoChildren);
        var action = new StartAction(Arguments, Context(Parameters(), _bundle.Path, _bundle["server"]));
        Assert.Throws<IOException>(() => action.Run(_ => throw new IOException("the daemon is gone")));
        Assert.Empty(Directory.GetFiles(_bundle["s"]));
        Assert.Equal(_childrenBefore, Children());
    }

    [Fact]
    public void WithoutASpecNothingIsTouched()
    {
        File.Delete(_bundle["config.json"]);
        Assert.Throws<StartupException>(() => Start(Parameters()));
        Assert.False(Directory.Exists(_bundle["s"]));
        Assert.False(File.Exists(_bundle["address"]));
    }

    [Fact]
    public void ASocketPathThatIsTooLongTouchesNothing()
    {
        BootstrapParams parameters = Parameters();
        parameters.SocketDir = _bundle[new string('d', 60)];
        Assert.Contains(
            "unix socket path too long",
            Assert.Throws<StartupException>(() => Start(parameters)).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(parameters.SocketDir));
    }

    private string[] Report()
    {
        string[] report = File.ReadAllLines(_bundle["report"]);
        _servers.Add(int.Parse(report[0]));
        return report;
    }

    private string Start(BootstrapParams parameters, ShimArguments? arguments = null, string? bundle = null, string? executable = null)
    {
        byte[] answer = [];
        StartContext context = Context(parameters, bundle ?? _bundle.Path, executable ?? _bundle["server"]);
        new StartAction(arguments ?? Arguments, context).Run(bytes => answer = bytes);
        return BootstrapResult.Parser.ParseFrom(answer).Address;
    }

    private static StartContext Context(BootstrapParams parameters, string bundle, string executable) => new()
    {
        Bundle = bundle,
        Executable = executable,
        Program = "containerd-shim-shimstack-v2",
        DaemonPid = CurrentProcess.Id,
        Input = parameters.ToByteArray(),
    };

    private BootstrapParams Parameters() => new()
    {
        InstanceId = "c1",
        Namespace = "ns",
        LogLevel = LogLevel.Debug,
        ContainerdGrpcAddress = "/grpc.sock",
        ContainerdTtrpcAddress = "/ttrpc.sock",
        SocketDir = _bundle["s"],
    };

    private static int Children() =>
        Directory.GetDirectories("/proc/self/task")
            .Sum(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
}
