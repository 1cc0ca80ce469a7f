using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Tests.Targets;

public sealed class ShimChoiceTests
{
    [Theory]
    [InlineData("containerd-shim-shimstack-v2", "io.containerd.shimstack.v2")]
    [InlineData("containerd-shim-runc-v2", "io.containerd.runc.v2")]
    [InlineData("my-shim", null)]
    [InlineData("containerd-shim-runc-", null)]
    public void TheNameOfAShimSaysWhichRuntimeItIs(string file, string? runtime) => Assert.Equal(runtime, ShimChoice.RuntimeOf(file));

    [Fact]
    public void AnyProgramCanBeAShim()
    {
        string folder = Directory.CreateTempSubdirectory("drill-test-").FullName;
        try
        {
            Assert.Equal("io.containerd.drilled.v2", ShimChoice.Install("/opt/my-shim", folder));
            Assert.Equal("/opt/my-shim",
                File.ResolveLinkTarget(Path.Combine(folder, "containerd-shim-drilled-v2"), returnFinalTarget: false)!.FullName);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
