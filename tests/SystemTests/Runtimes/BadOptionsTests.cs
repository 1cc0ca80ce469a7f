using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>Options that nobody can follow: the user is told what is wrong with them, and nothing is left.</summary>
public sealed class BadOptionsTests
{
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("options of an unknown type are refused")]
    public async Task AnUnknownType(string line)
    {
        string failure = await FailureAsync(line, new Any { TypeUrl = "example.v1.Options", Value = ByteString.CopyFromUtf8("\n\0") });
        Assert.Contains("example.v1.Options", failure, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("broken options are refused, with the line")]
    public async Task BrokenToml(string line)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim refuses every TOML");
        string failure = await FailureAsync(line, RuntimeOptions.Toml("SystemdCgroup = true\nBinaryName = \"runc\n"));
        Assert.Contains("line 2: BinaryName", failure, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    [Feature("a missing file of options is named to the user of ctr")]
    public Task AMissingFile(string line) => Stage.RunAsync(line, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "ctr gives the reference shim runc's own options, and never the file");
        CommandResult result = await stage.Ctr.RunContainerAsync("c1", ["/bin/true"], ["--runtime-config-path", "/nowhere/options.toml"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("/nowhere/options.toml", result.Error, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", result.Error, StringComparison.OrdinalIgnoreCase);
    });

    private static async Task<string> FailureAsync(string line, Any options)
    {
        string detail = "";
        await Stage.RunAsync(line, async stage =>
        {
            ContainerSettings settings = new() { TaskOptions = RuntimeOptions.None, RecordOptions = options };
            Container container = await Container.RecordAsync(stage, "c1", ["/bin/true"], settings);
            RpcException failure = await Assert.ThrowsAsync<RpcException>(container.CreateTaskAsync);
            await container.DeleteRecordAsync();
            detail = failure.Status.Detail;
        });
        return detail;
    }
}
