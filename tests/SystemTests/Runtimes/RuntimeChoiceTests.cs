using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>Which shim the daemon starts, and which runtime the shim runs.</summary>
public sealed class RuntimeChoiceTests
{
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task TheShimCanBeNamedByItsPath(string line) => Stage.RunAsync(line, async stage =>
    {
        string shim = RuntimeUnderTest.Binary(line);
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], new ContainerSettings { Shim = shim });
        Assert.Equal(shim, ProcessTable.Executable(Assert.Single(stage.Shims())));
        await container.EndAsync();
    });

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public async Task TheShimWorksUnderTheNameOfTheReference(string line)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("shimstack-name-");
        try
        {
            string shim = Path.Combine(folder.FullName, "containerd-shim-runc-v2");
            File.Copy(RuntimeUnderTest.Binary(line), shim);
            await Stage.RunAsync(line, async stage =>
            {
                Container container = await Container.RunAsync(stage, "c1", ["/bin/sleep", "1000"], new ContainerSettings { Shim = RuntimeUnderTest.Reference });
                Assert.Equal(shim, ProcessTable.Executable(Assert.Single(stage.Shims())));
                await container.EndAsync();
            }, firstInPath: folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public async Task CrunRunsThroughTheOptions(string line)
    {
        string[] controllers = HybridCgroups.Controllers();
        string parent = "";
        try
        {
            await Stage.RunAsync(line, async stage =>
            {
                parent = stage.Name;
                Container container = await Container.CreateAsync(stage, "c1", ["/bin/sh", "-c", "echo out; exit 3"], new ContainerSettings { RuntimeBinary = "crun" });
                Task<uint> exit = container.WaitAsync();
                await container.StartAsync();
                Assert.Equal(3u, await exit);
                Assert.Equal("out\n", await container.Output!.Completion);
                Assert.Equal(3u, await container.DeleteAsync());
            }, daemonPrefix: HybridCgroups.Prefix(controllers));
        }
        finally
        {
            await HybridCgroups.RestoreAsync(controllers, parent);
        }
    }
}
