using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Stdio;

/// <summary>Output that goes into a file by <c>file://</c>.</summary>
public sealed class LogFileTests
{
    private const string OwnFeature = "the reference has no such thing";

    [Feature("output to a file (file://)")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task BothStreamsOfInitAndExecAreInTheFile(string line) => Stage.RunAsync(line, async stage =>
    {
        string log = Path.Combine(stage.Directory, "logs/c1");
        string[] flags = ["--detach", "--log-uri", $"file://{log}"];
        (await stage.Ctr.RunAsync(stage.Ctr.RunArguments("c1", ["/bin/sh", "-c", "echo to stdout; echo to stderr >&2; exec sleep 1000"], flags))).MustSucceed();
        await Until.TrueAsync(() => Text(log).Length == 20, "two lines of init");
        CommandResult exec = await stage.Ctr.RunAsync(
            "tasks", "exec", "--exec-id", "e1", "--log-uri", $"file://{log}", "c1", "/bin/sh", "-c", "echo of exec; exit 7");
        Assert.Equal(7, exec.ExitCode);
        await Until.TrueAsync(() => Text(log).EndsWith("of exec\n", StringComparison.Ordinal), "the line of the exec");
        Assert.Equal(["of exec", "to stderr", "to stdout"], File.ReadLines(log).Order()); // two streams have no order between them
        await EndAsync(stage, "c1");
    });

    [Feature("output of a terminal to a file")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task ATerminalsOutputIsInTheFile(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, OwnFeature);
        string log = Path.Combine(stage.Directory, "c1.log");
        Assert.Equal(5u, await RunAsync(stage, ["/bin/sh", "-c", "tty; echo last; exit 5"], $"file://{log}", terminal: true));
        Assert.Equal("/dev/pts/0\r\nlast\r\n", Text(log));
    });

    [Feature("log rotation, CRI and JSON formats")]
    [Theory]
    [InlineData("1.6", "raw")]
    [InlineData("1.6", "cri")]
    [InlineData("2.x", "json")]
    public Task UnderLoadEveryLineIsInOneOfTheRotatedFiles(string line, string format) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, OwnFeature);
        string log = Path.Combine(stage.Directory, "logs/c1");
        string uri = $"file://{log}?format={format}&max-size=200k&max-files=1000";
        Assert.Equal(0u, await RunAsync(stage, ["/bin/sh", "-c", "seq 1 100000; seq 100001 200000 >&2"], uri));
        string[] files = [.. Directory.GetFiles(Path.GetDirectoryName(log)!).OrderByDescending(NumberOf)];
        Assert.InRange(files.Length, 5, 200);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 200_010));

        // Between two streams there is no order, inside of each there is.
        string[] lines = [.. files.SelectMany(File.ReadLines).Select(text => Content(format, text)).OrderBy(text => text.Length == 6 && text != "100000")];
        Assert.Equal(Checksum(Enumerable.Range(1, 200_000).Select(i => $"{i}")), Checksum(lines));
    });

    [Feature("container survives a full log disk")]
    [Theory, InlineData("1.6")]
    public Task AFullDiskDoesNotHurtTheContainer(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference's copy ends, and the container blocks for ever");
        string disk = Directory.CreateDirectory(Path.Combine(stage.Directory, "disk")).FullName;
        (await Command.RunAsync("mount", ["-t", "tmpfs", "-o", "size=64k", "shimstack-test", disk])).MustSucceed();
        try
        {
            Assert.Equal(3u, await RunAsync(stage, ["/bin/sh", "-c", "seq 1 200000; exit 3"], $"file://{disk}/log"));
            Assert.Equal(64 * 1024, new FileInfo($"{disk}/log").Length);
            string loss = $"1223359 bytes of output for {disk}/log have been dropped";
            await Until.TrueAsync(() => Text(stage.Daemon.LogFile).Contains(loss, StringComparison.Ordinal), "the loss in the log");
        }
        finally
        {
            (await Command.RunAsync("umount", [disk])).MustSucceed();
        }
    });

    [Theory]
    [InlineData("file:///tmp", "Is a directory")]
    [InlineData("file:///proc/no/such/log", "mkdir /proc/no")]
    [InlineData("file:///tmp/shimstack-never?format=xml", "format='xml'")]
    [InlineData("file:///tmp/shimstack-never?max_size=1", "unknown log option 'max_size'")]
    [InlineData("ftp:///x", "unknown STDIO scheme ftp")]
    [InlineData("binary:///no/such/logger", "/no/such/logger")]
    public Task WhatCannotTakeOutputIsRefusedAtCreate(string uri, string reason) => Stage.RunAsync("2.x", async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference has other words and takes every option");
        Container container = await Container.RecordAsync(stage, "c1", ["/bin/true"], new ContainerSettings { OutputUri = uri });
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => container.CreateTaskAsync());
        Assert.Contains(reason, refusal.Status.Detail, StringComparison.Ordinal);
        await container.DeleteRecordAsync();
    });

    internal static async Task<uint> RunAsync(Stage stage, string[] command, string uri, bool terminal = false)
    {
        Container container = await Container.CreateAsync(stage, "c1", command, new ContainerSettings { OutputUri = uri, Terminal = terminal });
        Task<uint> exit = container.WaitAsync();
        await container.StartAsync();
        uint status = await exit;
        Assert.Equal(status, await container.DeleteAsync());
        return status;
    }

    internal static async Task EndAsync(Stage stage, string id)
    {
        (await stage.Ctr.RunAsync("tasks", "kill", "--signal", "9", id)).MustSucceed();
        await Until.TrueAsync(() => stage.Client.Tasks.Get(new Wire.Tasks.GetRequest { ContainerId = id }).Process.ExitStatus == 137, "the end");
        await stage.Ctr.RunAsync("tasks", "delete", id); // its exit code is the container's
        (await stage.Ctr.RunAsync("containers", "delete", id)).MustSucceed();
    }

    internal static string Text(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    private static string Checksum(IEnumerable<string> lines) =>
        Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', lines))));

    private static int NumberOf(string path) => int.TryParse(Path.GetExtension(path).TrimStart('.'), out int number) ? number : 0;

    private static string Content(string format, string line) => format switch
    {
        "cri" => line.Split(' ', 4)[3],
        "json" => JsonDocument.Parse(line).RootElement.GetProperty("log").GetString()!.TrimEnd('\n'),
        _ => line,
    };
}
