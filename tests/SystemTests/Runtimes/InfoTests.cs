using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Info;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>What a shim tells of itself when it is asked. Daemons ask since 2.0.</summary>
public sealed class InfoTests
{
    [Theory, InlineData("2.x"), Feature("-info names the runtime's features")]
    public async Task TheRuntimesFeaturesAreNamed(string line)
    {
        RuntimeInfo info = await AskAsync(line, []);
        Assert.Equal(RuntimeUnderTest.Name, info.Name);
        Assert.Null(info.Options);
        Assert.Equal("types.containerd.io/opencontainers/runtime-spec/1/features/Features", info.Features.TypeUrl);
        using JsonDocument features = JsonDocument.Parse(info.Features.Value.Memory);
        JsonElement namespaces = features.RootElement.GetProperty("linux").GetProperty("namespaces");
        Assert.Contains(namespaces.EnumerateArray(), name => name.GetString() == "user");
    }

    [Theory, InlineData("2.x"), Feature("-info with options")]
    public async Task TheOptionsChooseTheRuntime(string line)
    {
        RuntimeInfo info = await AskAsync(line, RuntimeOptions.Runc(new Wire.Runc.Options { BinaryName = "/bin/true" }).ToByteArray());
        Assert.Equal("containerd.runc.v1.Options", info.Options.TypeUrl);
        // true(1) says nothing of features, and that is no fault.
        Assert.True(info.Features is null || info.Features.Value.IsEmpty, "features of a runtime that has none");
    }

    [Theory, InlineData("2.x"), Feature("ctr plugins inspect-runtime")]
    public Task CtrShowsThem(string line) => Stage.RunAsync(line, async stage =>
    {
        string output = (await stage.Ctr.RunAsync("plugins", "inspect-runtime", "--runtime", RuntimeUnderTest.Name)).MustSucceed().Output;
        using JsonDocument info = JsonDocument.Parse(output);
        Assert.Equal(RuntimeUnderTest.Name, info.RootElement.GetProperty("Name").GetString());
        Assert.NotEmpty(info.RootElement.GetProperty("Features").GetProperty("linux").GetProperty("namespaces").EnumerateArray());
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine)), Feature("-v")]
    public async Task ItsVersionIsShown(string line)
    {
        DaemonLine.Require(line);
        CommandResult result = (await Command.RunAsync(RuntimeUnderTest.Binary(line), ["-v"])).MustSucceed();
        string[] lines = result.Output.Split('\n');
        Assert.Equal(("", "  Version:", "  Revision:"), (result.Error, lines[1][..10], lines[2][..11]));
    }

    [Theory, InlineData("2.x"), Feature("-version")]
    public async Task ItHasALongFormFromContainerd23On(string line)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim has -version from containerd 2.3 on");
        string shorter = (await Command.RunAsync(RuntimeUnderTest.Binary(line), ["-v"])).Output;
        Assert.Equal(shorter, (await Command.RunAsync(RuntimeUnderTest.Binary(line), ["-version"])).MustSucceed().Output);
    }

    private static async Task<RuntimeInfo> AskAsync(string line, byte[] input)
    {
        DaemonLine.Require(line);
        using Process process = Command.Start(RuntimeUnderTest.Binary(line), ["-info"]);
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        using MemoryStream output = new();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, error));
        return RuntimeInfo.Parser.ParseFrom(output.ToArray());
    }
}
