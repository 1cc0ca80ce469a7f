using System.Globalization;
using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>What comes must go: after many short lives and failed creates shimstackd holds what it held before.</summary>
[Collection(nameof(Alone))]
public sealed class LeakTests
{
    private static readonly int Lives = int.Parse(Environment.GetEnvironmentVariable("SHIMSTACK_LIVES") ?? "45", CultureInfo.InvariantCulture);

    [Theory, InlineData(DaemonLine.Own), Feature("many short lives and failed creates leave no descriptor, no zombie and no memory behind")]
    public Task NothingStaysOfShortLives(string line) => Stage.RunAsync(line, async stage =>
    {
        await LiveAsync(stage, Lives / 3);
        int descriptors = Descriptors(stage.Daemon.Pid);
        long memory = ProcessTable.Runs(stage.Daemon.Pid) ? Anonymous(stage.Daemon.Pid) : 0;
        await LiveAsync(stage, Lives);
        await Until.TrueAsync(() => Descriptors(stage.Daemon.Pid) <= descriptors + 3, $"no more than {descriptors} descriptors, not {Descriptors(stage.Daemon.Pid)}");
        Assert.DoesNotContain(stage.Guard.Pids(), pid => File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"descriptors {descriptors}, RssAnon {memory} to {Anonymous(stage.Daemon.Pid)} kB");
        Assert.InRange(Anonymous(stage.Daemon.Pid), 0, memory + 8192);
    }, new StageSettings { Limit = TimeSpan.FromMinutes(10) });

    private static async Task LiveAsync(Stage stage, int lives)
    {
        for (int i = 0; i < lives; i++)
        {
            Container container = await Container.RunAsync(stage, $"c{i % 7}", ["/bin/true"], new ContainerSettings { Output = false });
            Assert.Equal(0u, await container.WaitAsync());
            Assert.Equal(0u, await container.DeleteAsync());
            if (i % 4 == 0)
            {
                Container bad = await Container.RecordAsync(stage, "bad", ["/bin/true"], new ContainerSettings { RootfsSource = "/nowhere", Output = false });
                await Assert.ThrowsAsync<RpcException>(bad.CreateTaskAsync);
                await bad.DeleteRecordAsync();
            }
        }
    }

    private static int Descriptors(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;

    private static long Anonymous(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
