using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Docker;

/// <summary>
/// The world of one test with docker: a <see cref="Daemons.Stage"/>, a dockerd over its containerd, and one image. The shim under test is
/// installed as most will run it: under the reference's name, first in the daemon's PATH. At the end docker removes the containers, and nothing
/// may be left.
/// </summary>
internal sealed class DockerStage
{
    public const string Image = "busybox";

    // A call costs a tenth of a second of a processor: no more of them than of waiting.
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(100);

    private readonly Stage _stage;

    private DockerStage(string line, Stage stage, string configuration)
    {
        _stage = stage;
        Daemon = new Dockerd(line, stage) { Configuration = configuration };
    }

    public Dockerd Daemon { get; }

    public Daemon Containerd => _stage.Daemon;

    public Guard Guard => _stage.Guard;

    public string Directory => _stage.Directory;

    /// <summary>Of the containers, in containerd.</summary>
    public string Namespace => _stage.Name;

    public IReadOnlyList<int> Shims() => _stage.Shims();

    public static async Task RunAsync(string line, Func<DockerStage, Task> test, string? containerd = null, string configuration = "")
    {
        DockerLine.Require(line);
        string containerdLine = containerd ?? DockerLine.Containerd(line);
        DaemonLine.Require(containerdLine);
        using ShimFolder shims = new(containerdLine);
        await Stage.RunAsync(containerdLine, async stage =>
        {
            DockerStage docker = new(line, stage, configuration);
            try
            {
                await docker.SetUpAsync();
                await test(docker);
                await docker.TearDownAsync();
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.SkipException)
            {
                docker.ShowLog();
                throw;
            }
        }, firstInPath: shims.Path);
    }

    /// <summary>`docker ARGUMENTS`, to its end.</summary>
    public Task<CommandResult> CallAsync(params string[] arguments) =>
        Command.RunAsync(DockerLine.Client(Daemon.Line), Arguments(arguments));

    /// <summary>The same, with what is typed into it.</summary>
    public Task<CommandResult> CallWithInputAsync(string input, params string[] arguments) =>
        Command.RunAsync(DockerLine.Client(Daemon.Line), Arguments(arguments), input);

    /// <summary>What a `docker ARGUMENTS` that must succeed prints, without the last line feed.</summary>
    public async Task<string> MustAsync(params string[] arguments) => (await CallAsync(arguments)).MustSucceed().Output.TrimEnd('\n');

    /// <summary>`docker run` without a network: flags, then the command.</summary>
    public Task<CommandResult> RunContainerAsync(string[] flags, params string[] command) =>
        CallAsync(["run", "--network", "none", .. flags, Image, .. command]);

    /// <summary>The same in the background.</summary>
    public async Task StartContainerAsync(string name, string[] flags, params string[] command) =>
        (await RunContainerAsync(["--detach", "--name", name, .. flags], command)).MustSucceed();

    /// <summary>`docker ARGUMENTS` in a terminal of script(1), which types the input and gives what the terminal shows and the exit code.</summary>
    public Task<CommandResult> CallInTerminalAsync(string input, params string[] arguments)
    {
        string line = string.Join(' ', Arguments(arguments).Prepend(DockerLine.Client(Daemon.Line)).Select(argument => $"'{argument}'"));
        return Command.RunAsync("script", ["-qec", line, "/dev/null"], input);
    }

    /// <summary>A field of `docker inspect`, such as ".State.ExitCode".</summary>
    public Task<string> InspectAsync(string name, string field) => MustAsync("inspect", "--format", $"{{{{{field}}}}}", name);

    /// <summary>Asks `docker info` until it says this.</summary>
    public Task UntilInfoAsync(string format, string expected) => Until.TrueAsync(
        () => MustAsync("info", "--format", format).GetAwaiter().GetResult() == expected, $"docker info says {expected}");

    /// <summary>Asks again and again until the field has the value.</summary>
    public async Task UntilAsync(string name, string field, string expected, TimeSpan? limit = null)
    {
        string seen = "";
        using CancellationTokenSource deadline = new(limit ?? TimeSpan.FromSeconds(20));
        while ((seen = await InspectAsync(name, field)) != expected)
        {
            Assert.False(deadline.IsCancellationRequested, $"{field} of {name} is '{seen}', waited in vain for '{expected}'");
            await Task.Delay(BetweenCalls, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Calls again and again until the call succeeds: docker needs a moment to find a containerd that is back.</summary>
    public async Task UntilItWorksAsync(params string[] arguments)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        while (await CallAsync(arguments) is { ExitCode: not 0 } failed)
        {
            Assert.False(deadline.IsCancellationRequested, $"docker {string.Join(' ', arguments)}: {failed}");
            await Task.Delay(BetweenCalls, TestContext.Current.CancellationToken);
        }
    }

    private string[] Arguments(string[] arguments) =>
        ["--config", Path.Combine(_stage.Directory, "docker/client"), "--host", Daemon.Address, .. arguments];

    private async Task SetUpAsync()
    {
        await Daemon.StartAsync();
        string archive = Path.Combine(_stage.Directory, "image.tar");
        (await Command.RunAsync("tar", ["--create", "--file", archive, "--directory", _stage.Rootfs, "."])).MustSucceed();
        await MustAsync("import", "--change", "CMD [\"/bin/sh\"]", archive, Image);
    }

    private async Task TearDownAsync()
    {
        string[] names = (await MustAsync("ps", "--all", "--quiet", "--no-trunc")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > 0)
        {
            await MustAsync(["rm", "--force", .. names]);
        }

        await Daemon.StopAsync();
        string state = Path.Combine(Daemon.RuntimeRoot, _stage.Name);
        Assert.Equal([], System.IO.Directory.Exists(state) ? System.IO.Directory.GetFileSystemEntries(state) : []);
    }

    private void ShowLog()
    {
        if (File.Exists(Daemon.LogFile))
        {
            string end = string.Join('\n', File.ReadLines(Daemon.LogFile).TakeLast(60));
            TestContext.Current.TestOutputHelper?.WriteLine($"{Daemon.Line}:\n{end}");
        }
    }
}
